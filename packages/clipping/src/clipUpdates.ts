import {type GradientTransform, requireOptions, requirePositive, stateless} from '@gradwire/core';
import {limitGlobalNorm} from './limitGlobalNorm.js';

/** The options of {@link clipUpdates}. */
export interface ClipUpdatesOptions {
  /** Largest joint L2 norm of the updates that passes unchanged; > 0, in units of the weights. */
  readonly maxNorm: number;
}

/**
 * Scales what the optimizer adds to the weights by one factor so that its joint L2 norm is at most `maxNorm`.
 *
 *     Δw ← Δw · min(1, maxNorm / ‖(Δw₁, …, Δwₙ)‖₂),  Δw = new weight − old weight
 *
 * The same arithmetic as {@link clipByGlobalNorm}, but after the optimizer: no weight moves further in a step, whatever
 * the optimizer makes of the gradients. Adam, say, rescales gradients to steps of about the learning rate, so that
 * clipping them hardly changes the length of its step. The optimizer's own moments see the unclipped gradients. The
 * limit includes the learning rate: with a schedule it does not shrink along.
 *
 * @throws RangeError if `maxNorm` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipUpdates} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([3, -4]), true, 'clipUpdatesExample');
 * const optimizer = transformGradients(tf.train.adam(1), clipUpdates({maxNorm: 0.1}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // Adam alone would go [-1, 1]
 * w.print(); // [2.9292893, -3.9292893]
 * ```
 * @see Pascanu, Mikolov, Bengio (2013), "On the difficulty of training recurrent neural networks", arXiv:1211.5063, for
 * the arithmetic; optax applies it so where `clip_by_global_norm` stands last in a `chain`.
 */
export function clipUpdates(options: ClipUpdatesOptions): GradientTransform<undefined> {
  const {maxNorm} = requireOptions('clipUpdates', options, {maxNorm: 1});
  requirePositive('clipUpdates', {maxNorm});
  return Object.freeze({
    ...stateless('clipUpdates', {maxNorm}, (updates) => limitGlobalNorm(updates, maxNorm), {
      kind: 'clip',
      scope: 'global',
    }),
    on: 'updates' as const,
  });
}
