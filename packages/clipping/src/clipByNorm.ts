import {
  divideEach,
  type GradientTransform,
  normOfEach,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import {excess} from './excess.js';

/** The options of {@link clipByNorm}. */
export interface ClipByNormOptions {
  /** Largest L2 norm of one gradient that passes unchanged; > 0, in units of the gradient. */
  readonly maxNorm: number;
}

/**
 * Scales each gradient by itself so that its L2 norm is at most `maxNorm`.
 *
 *     gᵢ ← gᵢ · min(1, maxNorm / ‖gᵢ‖₂)
 *
 * Keeps the direction of each gradient, not that of all together. A smaller gradient passes exactly unchanged, a larger
 * one ends at `maxNorm` but for rounding. Any shapes; holes stay holes. Entries that are not
 * finite are not repaired.
 *
 * @throws RangeError if `maxNorm` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByNorm} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([30, 40]), true, 'clipByNormExample');
 * const optimizer = transformGradients(tf.train.sgd(1), clipByNorm({maxNorm: 1}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [60, 80]
 * w.print(); // [29.4, 39.2]
 * ```
 * @see Pascanu, Mikolov, Bengio (2013), "On the difficulty of training recurrent neural networks", arXiv:1211.5063.
 */
export function clipByNorm(options: ClipByNormOptions): GradientTransform<undefined> {
  const {maxNorm} = requireOptions('clipByNorm', options, {maxNorm: 1});
  requirePositive('clipByNorm', {maxNorm});
  return stateless(
    'clipByNorm',
    {maxNorm},
    (grads) => divideEach(grads, excess(normOfEach(grads), maxNorm)),
    {kind: 'clip', scope: 'parameter'},
  );
}
