import {
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  requireInteger,
  requireOptions,
  requirePositive,
  type StepContext,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link lookahead}. */
export interface LookaheadOptions {
  /** Updates from one synchronisation to the next, k in the paper; a whole number >= 1, default 6. */
  readonly syncPeriod?: number;
  /** Share of the way to the fast weights that the slow ones go, α in the paper; in (0, 1], default 0.5. */
  readonly slowStepSize?: number;
}

/** The state of {@link lookahead}: the slow weights by parameter, in its shape. */
export type LookaheadState = Readonly<Record<'slow', NamedTensors>>;

/**
 * Lets the optimizer run ahead for some updates, and then goes a part of that way: k steps forward, one step back.
 *
 *     slow ← slow + slowStepSize · (fast − slow),  fast ← slow,  after every `syncPeriod`-th update
 *
 * Fast weights are those that the optimizer trains, slow ones a copy that begins where they begin. Between synchronisations
 * nothing is changed. The optimizer's own moments stay at a synchronisation, as in the paper's experiments. Works on
 * updates: put it after transforms that change them, and {@link averageWeights} after it. Any shapes; a parameter that has
 * no gradient in the update of a synchronisation keeps both its weights. Holds one copy of the weights.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {lookahead} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(0), true, 'lookaheadExample');
 * const optimizer = transformGradients(tf.train.sgd(1), lookahead({syncPeriod: 3}));
 * for (let step = 0; step < 4; step++) optimizer.minimize(() => tf.mul(-1, w) as tf.Scalar);
 * w.print(); // 1, 2, 3 → 1.5, 2.5
 * ```
 * @see Zhang, Lucas, Hinton, Ba (2019), "Lookahead Optimizer: k steps forward, 1 step back", arXiv:1907.08610.
 */
export function lookahead(options: LookaheadOptions = {}): GradientTransform<LookaheadState> {
  const known = {syncPeriod: 6, slowStepSize: 0.5};
  const {syncPeriod = 6, slowStepSize = 0.5} = requireOptions('lookahead', options, known);
  requireInteger('lookahead', {syncPeriod}, 1);
  requirePositive('lookahead', {slowStepSize});
  if (slowStepSize > 1) throw new RangeError(`lookahead: slowStepSize must be <= 1, got ${slowStepSize}.`);
  return Object.freeze({
    name: 'lookahead',
    config: {syncPeriod, slowStepSize},
    on: 'updates' as const,
    init: (params: NamedTensors): LookaheadState => ({slow: mapTensors(params, (p) => tf.clone(p))}),
    update(updates: NamedTensors, state: LookaheadState, {step, params}: StepContext) {
      if ((step + 1) % syncPeriod !== 0) return [updates, state] as const;
      const part = tf.scalar(slowStepSize);
      const slow = mapTensors(updates, (update, name) => {
        const [old, fast] = [state.slow[name]!, tf.add(params[name]!, update)];
        return tf.add(old, tf.mul(part, tf.sub(fast, old)));
      });
      const synced = mapTensors(slow, (weight, name) => tf.sub(weight, params[name]!));
      return [synced, {slow: {...state.slow, ...slow}}] as const;
    },
  });
}
