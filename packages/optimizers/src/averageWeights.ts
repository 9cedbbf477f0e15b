import {
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  requireInteger,
  requireOptions,
  type StepContext,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {requireBoolean} from './requireBoolean.js';
import {requireFraction} from './requireFraction.js';

/** The options of {@link averageWeights}. */
export interface AverageWeightsOptions {
  /**
   * Share of an exponential moving average that stays in every step; in [0, 1), 0.99 to 0.9999 as a rule. Without it,
   * all weights that are averaged count alike: stochastic weight averaging.
   */
  readonly decay?: number;
  /**
   * Whether a moving average is one of the weights since it began, however few they are; default true. With false, the first
   * weights count for as much as all before them would have, as in PyTorch.
   */
  readonly debias?: boolean;
  /** The update after which the first weights are taken, counted from 0; a whole number >= 0, default 0. */
  readonly from?: number;
  /** Updates from one weights that are taken to the next; a whole number >= 1, default 1. */
  readonly every?: number;
}

/** The state of {@link averageWeights}: how many weights have been averaged, and the averages by parameter. */
export type AverageWeightsState = Readonly<{count: number; averages: NamedTensors}>;

/**
 * Keeps an average of the weights beside the training: a moving one (EMA), or that of all (SWA). Training goes on as if it
 * were not there.
 *
 *     average ← average + share · (weight − average)
 *     without decay: share = 1 / n;  with decay: (1 − decay) / (1 − decayⁿ), or 1 − decay with debias: false, but 1 at first
 *
 * n counts the weights that have been taken: after update `from`, and from there after every `every`-th. For SWA take one a
 * cycle or epoch, from about three quarters of the training on, at a rate that stays high. {@link withAveragedWeights} puts
 * the averages in the weights' place for an evaluation, {@link assignAveragedWeights} for good.
 *
 * It sees updates, so it must be the last transform of the optimizer, and not inside a `chain` or `masked`; constraints that
 * are applied to the weights after an update are not in the averages. Every parameter of the optimizer is averaged, also
 * while it has no gradient. Moving statistics of batch normalisation are none: see {@link assignAveragedWeights}. The
 * averages are saved and resumed with the optimizer. Holds one copy of the weights; nothing is read from the device.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key, or if `debias` is no boolean or there is no `decay` for it.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {averageWeights, withAveragedWeights} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(0), true, 'averageWeightsExample');
 * const optimizer = transformGradients(tf.train.sgd(1), averageWeights());
 * for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.mul(-1, w) as tf.Scalar);
 * await withAveragedWeights(optimizer, () => w.print()); // (1 + 2 + 3) / 3 = 2
 * w.print(); // 3
 * ```
 * @see Polyak, Juditsky (1992), "Acceleration of stochastic approximation by averaging"; Izmailov et al. (2018),
 * "Averaging Weights Leads to Wider Optima and Better Generalization", arXiv:1803.05407.
 */
export function averageWeights(options: AverageWeightsOptions = {}): GradientTransform<AverageWeightsState> {
  const known = {decay: 0.999, debias: 'true', from: 0, every: 1};
  const {decay, debias, from = 0, every = 1} = requireOptions('averageWeights', options, known);
  requireDecay(decay, debias);
  requireInteger('averageWeights', {from}, 0);
  requireInteger('averageWeights', {every}, 1);
  const share = shareOf(decay, debias ?? true);
  return Object.freeze({
    name: 'averageWeights',
    config: {...(decay !== undefined && {decay, debias: debias ?? true}), from, every},
    on: 'updates' as const,
    init: (params: NamedTensors): AverageWeightsState => ({
      count: 0,
      averages: mapTensors(params, (p) => tf.clone(p)),
    }),
    update(updates: NamedTensors, state: AverageWeightsState, {step, params}: StepContext) {
      if (step < from || (step - from) % every !== 0) return [updates, state] as const;
      const count = state.count + 1;
      const part = tf.scalar(share(count));
      const averages = mapTensors(state.averages, (average, name) => {
        const [old, update] = [params[name], updates[name]];
        if (old === undefined) return average;
        const weight = update === undefined ? old : tf.add(old, update);
        if (count === 1) return tf.clone(weight);
        return tf.add(average, tf.mul(part, tf.sub(weight, average)));
      });
      return [updates, {count, averages}] as const;
    },
  });
}

/** What share of the average the n-th weights have. */
function shareOf(decay: number | undefined, debias: boolean): (n: number) => number {
  if (decay === undefined) return (n) => 1 / n;
  return debias ? (n) => (1 - decay) / (1 - decay ** n) : () => 1 - decay;
}

function requireDecay(decay: number | undefined, debias: boolean | undefined): void {
  if (decay !== undefined) requireFraction('averageWeights', {decay});
  if (debias === undefined) return;
  requireBoolean('averageWeights', {debias});
  if (decay === undefined) throw new TypeError('averageWeights: debias needs a decay.');
}
