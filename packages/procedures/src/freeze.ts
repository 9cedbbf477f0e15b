import {
  compileSelector,
  type GradientTransform,
  type NamedTensors,
  requireInteger,
  requireOptions,
  requireSelection,
  requireSelector,
  type Selector,
  stateless,
} from '@gradwire/core';
import {dropFrozen} from './dropFrozen.js';
import {positionOf, requireUnit, type Unit} from './position.js';

/** The options of {@link freeze}. */
export interface FreezeOptions {
  /** Which parameters. */
  readonly select: Selector;
  /** Frozen from here on, in units; a whole number >= 0, default 0. */
  readonly from?: number;
  /** Trained again from here on, in units; a whole number > `from`, default never. */
  readonly until?: number;
  /** What `from` and `until` count; default `'epoch'`. */
  readonly unit?: Unit;
}

/**
 * Freezes parameters for a part of a training, or for all of it.
 *
 *     gᵢ ← nothing, if parameter i is selected and from ≤ t < until
 *
 * Without a gradient an optimizer leaves weight, moments and weight decay of a parameter alone; what is frozen stays as it is to the
 * last bit. Put it first in the chain, so that norms are those of what is trained. Backpropagation still computes
 * the gradients: to save that too, set `layer.trainable = false` between two runs. Moving averages of batch normalisation are no
 * parameters and go on.
 *
 * @throws TypeError if `select` is no selector, or `options` no object or with an unknown key.
 * @throws RangeError if `from`, `until` or `unit` is out of range.
 * @throws Error before the first step, if the selector matches no parameter or all of them; in a step, before its update, if
 *   nothing is left to train, or if epochs count and nobody tells the epoch.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {freeze} from '@gradwire/procedures';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 4, activation: 'relu', inputShape: [2], name: 'lower'}),
 *     tf.layers.dense({units: 1, name: 'upper'}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.adam(),
 *   transforms: [freeze({select: 'lower/**', until: 2})], // two epochs the upper layer alone, then both
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 4});
 * ```
 */
export function freeze(options: FreezeOptions): GradientTransform<undefined> {
  const known = {select: "'lower/**'", from: 0, until: 5, unit: "'epoch'"};
  const {select, from = 0, until, unit = 'epoch'} = requireOptions('freeze', options, known);
  requireSelector('freeze', 'select', select);
  requireInteger('freeze', {from}, 0);
  if (until !== undefined) requireInteger('freeze', {until}, from + 1);
  requireUnit('freeze', unit);
  const selected = compileSelector(select);
  const isAlways = from === 0 && until === undefined;
  const config = {select, from, ...(until === undefined ? {} : {until}), unit};
  return Object.freeze({
    ...stateless('freeze', config, (grads, ctx) => {
      const now = isAlways ? 0 : positionOf('freeze', unit, ctx);
      if (now < from || now >= (until ?? Infinity)) return grads;
      const names = selected(ctx.params);
      return dropFrozen('freeze', grads, (name) => names.has(name));
    }),
    init(params: NamedTensors) {
      const names = selected(params);
      requireSelection('freeze', 'parameter', select, names, Object.keys(params));
      if (names.size < Object.keys(params).length) return undefined;
      throw new Error(
        `freeze: the selector ${String(select)} matches all ${names.size} parameters; nothing would be trained.`,
      );
    },
  });
}
