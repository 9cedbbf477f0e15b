import {
  type GradientTransform,
  normOfEach,
  requireNonNegative,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {divideLayers} from './divideLayers.js';
import {oneForZero} from './oneForZero.js';

/** The options of {@link equalizeLayers}. */
export interface EqualizeLayersOptions {
  /**
   * Added to a layer's norm; >= 0, in units of the gradient. Layers with a norm far below it are lifted less, so that
   * rounding errors of a layer that gets no signal are not. Default 0: all come to the same norm.
   */
  readonly epsilon?: number;
}

/**
 * Brings the gradients of all layers to the same L2 norm and keeps the norm of the whole: the direct remedy for gradients
 * that vanish or explode on their way down.
 *
 *     g_l ← g_l · (‖g‖₂ / √L) / (‖g_l‖₂ + epsilon),  L layers with a gradient that is not zero
 *
 * Keeps the direction of each layer's gradient and, with epsilon 0, the length of the step; the direction of the whole
 * changes. `normalizeByNorm({per: 'layer'})` gives the layers the same proportions, but each the norm 1: the step is then
 * as long at a minimum as far away from it, and the learning rate has to bring it down. Here a large gradient stays a large
 * one, and the learning rate is the one for plain gradients.
 *
 * A layer is what stands before the last slash of the variables' names, `dense_Dense1` of `dense_Dense1/kernel` and
 * `dense_Dense1/bias`. Zeros stay zero. Right from 1e-30 to 1e30; a layer whose norm is less than 1e-38 of the whole's is
 * left as it is. Any shapes; holes stay holes and count for nothing.
 *
 * @throws RangeError if `epsilon` is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {equalizeLayers} from '@gradwire/normalization';
 *
 * const lower = tf.variable(tf.tensor1d([0.03, 0.04]), true, 'lower/kernel');
 * const upper = tf.variable(tf.scalar(7), true, 'upper/kernel');
 * const optimizer = transformGradients(tf.train.sgd(1), equalizeLayers());
 * const loss = () => tf.add(tf.sum(tf.mul(lower, [0.6, 0.8])), tf.mul(7, upper)) as tf.Scalar;
 * optimizer.minimize(loss); // gradients of norm 1 and 7: both come to 5
 * lower.print(); // [-2.97, -3.96]
 * upper.print(); // 2
 * ```
 * @see No paper has it under a name; Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822, for the idea.
 */
export function equalizeLayers(options: EqualizeLayersOptions = {}): GradientTransform<undefined> {
  const {epsilon = 0} = requireOptions('equalizeLayers', options, {epsilon: 0});
  requireNonNegative('equalizeLayers', {epsilon});
  // No traits for lintChain: the global norm stays, so clipping it makes sense before this and after it.
  return stateless('equalizeLayers', {epsilon}, (grads) =>
    divideLayers(grads, (norms) => {
      const whole = oneForZero(normOfEach({norms}));
      const layers = tf.sum(tf.cast(tf.greater(norms, 0), 'float32'));
      return oneForZero(tf.mul(tf.div(tf.add(norms, epsilon), whole), tf.sqrt(layers)));
    }),
  );
}
