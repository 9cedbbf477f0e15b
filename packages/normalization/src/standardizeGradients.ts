import {
  divideEach,
  type GradientTransform,
  momentsOfEach,
  requireNonNegative,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {oneForZero} from './oneForZero.js';

/** The options of {@link standardizeGradients}. */
export interface StandardizeGradientsOptions {
  /**
   * Added to the deviation; >= 0, in units of the gradient. Gradients that deviate by much more come to unit deviation;
   * those that deviate by much less (vanished ones) are only scaled by 1 / epsilon. With 0 all do but constant ones,
   * which become zeros. Default 1e-6.
   */
  readonly epsilon?: number;
}

/**
 * Brings each gradient to zero mean and unit deviation.
 *
 *     gᵢ ← (gᵢ − mean(gᵢ)) / (std(gᵢ) + epsilon),  std with n − 1, as `torch.std`
 *
 * Mean and deviation are those of the whole tensor, right from 1e-38 to 1e38. Any shapes; holes stay holes. A tensor of one element has no deviation and passes
 * unchanged.
 *
 * @throws RangeError if `epsilon` is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {standardizeGradients} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor1d([1, 2, 3]), true, 'standardizeGradientsExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), standardizeGradients());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [2, 4, 6]
 * w.print(); // [1.1, 2, 2.9]
 * ```
 * @see Yong et al. (2020), "Gradient Centralization", arXiv:2004.01461, for the mean; Yu et al. (2017),
 * "Block-Normalized Gradient Method", arXiv:1707.04822, for the scale.
 */
export function standardizeGradients(
  options: StandardizeGradientsOptions = {},
): GradientTransform<undefined> {
  const {epsilon = 1e-6} = requireOptions('standardizeGradients', options, {epsilon: '1e-6'});
  requireNonNegative('standardizeGradients', {epsilon});
  return stateless(
    'standardizeGradients',
    {epsilon},
    (grads) => {
      const several = Object.fromEntries(Object.entries(grads).filter(([, {size}]) => size > 1));
      const {means, deviations} = momentsOfEach(several);
      return {...grads, ...divideEach(several, oneForZero(tf.add(deviations, epsilon)), means)};
    },
    {kind: 'normalize', scope: 'parameter'},
  );
}
