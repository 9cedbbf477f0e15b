import {
  divideEach,
  type GradientTransform,
  normOfEach,
  requireNonNegative,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {oneForZero} from './oneForZero.js';

/** The options of {@link normalizeByNorm}. */
export interface NormalizeByNormOptions {
  /**
   * Added to the norm; >= 0, in units of the gradient. Gradients with a norm well above it come to unit norm; far below
   * it they are only scaled by 1 / epsilon. Default 0: all but zero gradients come to unit norm.
   */
  readonly epsilon?: number;
}

/**
 * Scales each gradient to unit L2 norm.
 *
 *     gᵢ ← gᵢ / (‖gᵢ‖₂ + epsilon)
 *
 * Keeps the direction of each gradient and makes the length of its step the learning rate's alone. A gradient of zeros
 * stays zero. Right from 1e-38 to 1e38. Any shapes, among them scalars, which become their sign; holes stay holes.
 *
 * @throws RangeError if `epsilon` is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {normalizeByNorm} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor1d([3, 4]), true, 'normalizeByNormExample');
 * const optimizer = transformGradients(tf.train.sgd(1), normalizeByNorm());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [6, 8]
 * w.print(); // [2.4, 3.2]
 * ```
 * @see Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822.
 */
export function normalizeByNorm(options: NormalizeByNormOptions = {}): GradientTransform<undefined> {
  const {epsilon = 0} = requireOptions('normalizeByNorm', options, {epsilon: 0});
  requireNonNegative('normalizeByNorm', {epsilon});
  return stateless(
    'normalizeByNorm',
    {epsilon},
    (grads) => divideEach(grads, oneForZero(tf.add(normOfEach(grads), epsilon))),
    {kind: 'normalize', scope: 'parameter'},
  );
}
