import {
  divideEach,
  type GradientTransform,
  mapTensors,
  normOfEach,
  requireNonNegative,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link scaleToWeights}. */
export interface ScaleToWeightsOptions {
  /**
   * Norm of the gradient in units of the weights' norm; > 0. Times the learning rate, it is the share of a parameter that
   * one step changes. Default 0.001, as in the paper, `optax.lars` and torch-lars, for the large learning rates of SGD
   * there (1 to 30). `optax.scale_by_trust_ratio` has 1, for LAMB.
   */
  readonly trustCoefficient?: number;
  /** Added to the gradient's norm; >= 0, in units of the gradient. Default 0. */
  readonly epsilon?: number;
}

/**
 * Scales each gradient to the size of the weights that it changes: layer-wise adaptive rate scaling, LARS.
 *
 *     gᵢ ← gᵢ · trustCoefficient · ‖wᵢ‖₂ / (‖gᵢ‖₂ + epsilon)
 *
 * Keeps the direction of each gradient; a step changes every parameter by the same share. A gradient whose norm or whose
 * weights' norm is 0 passes unchanged, so that what begins at zero can leave it. That is wanted for no bias, whose size
 * says nothing: use `masked('**\/kernel', scaleToWeights())`, as the paper's followers do.
 *
 * There is no weight decay: a regularizer of the layer adds its share β·wᵢ to the gradient before it gets here, and ‖gᵢ‖
 * counts it, as in `optax.lars`. The paper and apex bound that norm by ‖∇L‖ + β‖wᵢ‖ instead.
 *
 * Right while ‖wᵢ‖ and ‖gᵢ‖ are between 1e-30 and 1e30 and their ratio is too. Any shapes; holes stay holes.
 *
 * @throws RangeError if `trustCoefficient` is not a positive number, or `epsilon` negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleToWeights} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor1d([30, 40]), true, 'scaleToWeightsExample');
 * const optimizer = transformGradients(tf.train.sgd(10), scaleToWeights({trustCoefficient: 0.01}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [60, 80], w's norm is 50
 * w.print(); // [27, 36]
 * ```
 * @see You, Gitman, Ginsburg (2017), "Large Batch Training of Convolutional Networks", arXiv:1708.03888.
 */
export function scaleToWeights(options: ScaleToWeightsOptions = {}): GradientTransform<undefined> {
  const known = {trustCoefficient: 0.001, epsilon: 0};
  const {trustCoefficient = 0.001, epsilon = 0} = requireOptions('scaleToWeights', options, known);
  requirePositive('scaleToWeights', {trustCoefficient});
  requireNonNegative('scaleToWeights', {epsilon});
  return stateless(
    'scaleToWeights',
    {trustCoefficient, epsilon},
    (grads, {params}) => {
      const weightNorms = normOfEach(mapTensors(grads, (_, name) => params[name]!));
      const norms = normOfEach(grads);
      const neitherIsZero = tf.logicalAnd(tf.greater(weightNorms, 0), tf.greater(norms, 0));
      const divisors = tf.div(tf.add(norms, epsilon), tf.mul(trustCoefficient, weightNorms));
      return divideEach(grads, tf.where(neitherIsZero, divisors, tf.onesLike(divisors)));
    },
    {kind: 'normalize', scope: 'parameter'},
  );
}
