import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/**
 * Mish, as a layer of its own.
 *
 *     y = x · tanh(softplus(x)) = x · tanh(log(1 + eˣ))
 *
 * Any shape. tfjs has the same function as `activation: 'mish'`.
 *
 * @param options those that all layers have.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {mish} from '@gradwire/layers';
 *
 * const y = mish().apply(tf.tensor1d([-1, 0, 1])) as tf.Tensor;
 * y.print(); // [-0.303401, 0, 0.865098]
 * ```
 * @see Misra (2019), "Mish: A Self Regularized Non-Monotonic Activation Function", arXiv:1908.08681; `torch.nn.Mish`.
 */
export function mish(options: LayerOptions = {}): tfl.layers.Layer {
  return createLayer(Mish, requireOptions('mish', options, LAYER_OPTIONS), {});
}

export class Mish extends TensorLayer<object> {
  static className = 'gradwire>Mish';

  protected override compute(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, tf.tanh(tf.softplus(x)));
  }
}
