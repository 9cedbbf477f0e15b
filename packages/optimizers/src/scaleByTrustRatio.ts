import {
  divideEach,
  type GradientTransform,
  mapTensors,
  normOfEach,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales each gradient to the norm of the weights that it changes: LAMB's last step.
 *
 *     gᵢ ← gᵢ · ‖wᵢ‖₂ / ‖gᵢ‖₂
 *
 * A step then changes every parameter by the same share, the learning rate. A gradient whose norm or whose weights' norm is 0
 * passes unchanged, so that what begins at zero can leave it. The paper's φ is the identity, as in its reference code.
 *
 * Right while ‖wᵢ‖ and ‖gᵢ‖ are between 1e-30 and 1e30 and their ratio is too. Any shapes; holes stay holes. On backends with
 * joint kernels (cpu, wasm prepared by `@gradwire/wasm`) 12 kernels for all parameters together.
 *
 * @throws TypeError if it is given an option: there is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByTrustRatio} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([30, 40]), true, 'scaleByTrustRatioExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByTrustRatio());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [60, 80], w's norm is 50
 * w.print(); // [27, 36]
 * ```
 * @see You et al. (2020), "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", arXiv:1904.00962.
 */
export function scaleByTrustRatio(
  options: Readonly<Record<string, never>> = {},
): GradientTransform<undefined> {
  requireOptions('scaleByTrustRatio', options, {});
  return stateless(
    'scaleByTrustRatio',
    {},
    (grads, {params}) => {
      const norms = normOfEach(grads);
      const weightNorms = normOfEach(mapTensors(grads, (_, name) => params[name]!));
      const neitherIsZero = tf.logicalAnd(tf.greater(weightNorms, 0), tf.greater(norms, 0));
      return divideEach(grads, tf.where(neitherIsZero, tf.div(norms, weightNorms), tf.onesLike(norms)));
    },
    {kind: 'normalize', scope: 'parameter'},
  );
}
