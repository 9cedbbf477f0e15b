import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/**
 * Swish out of straight pieces.
 *
 *     y = x · min(max(x + 3, 0), 6) / 6
 *
 * Zero below −3, the identity above 3. Any shape.
 *
 * @param options those that all layers have.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {hardSwish} from '@gradwire/layers';
 *
 * const y = hardSwish().apply(tf.tensor1d([-4, -1, 1, 4])) as tf.Tensor;
 * y.print(); // [0, -0.333333, 0.666667, 4]
 * ```
 * @see Howard et al. (2019), "Searching for MobileNetV3", arXiv:1905.02244; `torch.nn.Hardswish`.
 */
export function hardSwish(options: LayerOptions = {}): tfl.layers.Layer {
  return createLayer(HardSwish, requireOptions('hardSwish', options, LAYER_OPTIONS), {});
}

export class HardSwish extends TensorLayer<object> {
  static className = 'gradwire>HardSwish';

  protected override compute(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6));
  }
}
