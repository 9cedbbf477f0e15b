import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {standardized} from './standardized.js';
import {TensorLayer} from './tensorLayer.js';

/**
 * A layer that brings its input to zero mean and unit deviation.
 *
 *     y = (x − mean(x)) / std(x),  std with n − 1, as `torch.std`
 *
 * Mean and deviation are those of the whole tensor, batch included: two numbers, nothing learned, and the same in training and
 * in prediction, so what is predicted for a sample depends on what else is in its batch. The gradient flows through both. Any
 * shape, right from 1e-38 to 1e38. A constant tensor, one of a single element too, becomes zeros and gets no gradient.
 *
 * @param options those that all layers have.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {standardize} from '@gradwire/layers';
 *
 * const y = standardize().apply(tf.tensor2d([[1, 2, 3], [4, 5, 6]])) as tf.Tensor; // mean 3.5, deviation 1.8708
 * y.print(); // [[-1.33631, -0.801784, -0.267261], [0.267261, 0.801784, 1.33631]]
 * ```
 * @see Ba, Kiros, Hinton (2016), "Layer Normalization", arXiv:1607.06450, which takes them per sample.
 */
export function standardize(options: LayerOptions = {}): tfl.layers.Layer {
  return createLayer(Standardize, requireOptions('standardize', options, LAYER_OPTIONS), {});
}

export class Standardize extends TensorLayer<object> {
  static className = 'gradwire>Standardize';

  protected override compute(x: tf.Tensor): tf.Tensor {
    const pass = tf.customGrad((input, save) => {
      const {value, scale} = standardized(input as tf.Tensor);
      (save as (tensors: tf.Tensor[]) => void)([value, scale()]);
      return {value, gradFunc: backwards};
    });
    return pass(x);
  }
}

/** dx = (dy − mean(dy) − y · Σ(dy · y) / (n − 1)) / std(x) */
function backwards(dy: tf.Tensor, [y, scale]: tf.Tensor[]): tf.Tensor {
  const along = tf.mul(y!, tf.div(tf.sum(tf.mul(dy, y!)), Math.max(1, dy.size - 1)));
  return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy)), along), scale!);
}
