import {requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {standardized} from './standardized.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link gradientNormalization}. */
export interface GradientNormalizationOptions extends LayerOptions {
  /**
   * Added to the deviation; >= 0, in units of the gradient. Gradients that deviate by much less are only scaled by
   * 1 / epsilon; with 0 all but constant ones come to unit deviation. Default 1e-6.
   */
  readonly epsilon?: number;
}

/**
 * A layer that changes nothing on the way forward and standardises the gradient on the way back.
 *
 *     y = x
 *     dx = (dy − mean(dy)) / (std(dy) + epsilon),  std with n − 1, as `torch.std`
 *
 * Mean and deviation are those of the whole tensor, batch included; right from 1e-38 to 1e38. The size of the loss, and the
 * 1 / batch in it, are lost: every layer below gets gradients of the same size, so the learning rate has to be a small one.
 * Any shape. A gradient of one element has no deviation and passes unchanged; a constant one becomes zeros.
 *
 * @throws RangeError if `epsilon` is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gradientNormalization} from '@gradwire/layers';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 8, activation: 'sigmoid', inputShape: [3]}),
 *     gradientNormalization(),
 *     tf.layers.dense({units: 1}),
 *   ],
 * });
 * model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(1e-3)});
 * ```
 * @see Yong et al. (2020), "Gradient Centralization", arXiv:2004.01461, for the mean; Yu et al. (2017),
 * "Block-Normalized Gradient Method", arXiv:1707.04822, for the scale. Both do so to gradients of weights.
 */
export function gradientNormalization(options: GradientNormalizationOptions = {}): tfl.layers.Layer {
  const known = {...LAYER_OPTIONS, epsilon: '1e-6'};
  const {epsilon = 1e-6} = requireOptions('gradientNormalization', options, known);
  requireNonNegative('gradientNormalization', {epsilon});
  return createLayer(GradientNormalization, options, {epsilon});
}

export class GradientNormalization extends TensorLayer<{readonly epsilon: number}> {
  static className = 'gradwire>GradientNormalization';

  protected override compute(x: tf.Tensor): tf.Tensor {
    const pass = tf.customGrad((input) => ({
      value: tf.clone(input as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => (dy.size > 1 ? standardized(dy, this.settings.epsilon).value : dy),
    }));
    return pass(x);
  }
}
