import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {requireChoice} from './requireChoice.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link gelu}. */
export interface GeluOptions extends LayerOptions {
  /** Whether to take the formula with tanh, as BERT's and GPT-2's authors did. Default false. */
  readonly approximate?: boolean;
}

/**
 * The Gaussian error linear unit.
 *
 *     y = x · Φ(x) = x / 2 · (1 + erf(x / √2))
 *     approximate: y = x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³)))
 *
 * Any shape. tfjs has both as activations, `'gelu'` and `'gelu_new'`; a model with the latter can be saved but not loaded, and
 * its gradient is NaN where x³ overflows.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or `approximate` is not true or false.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gelu} from '@gradwire/layers';
 *
 * const y = gelu({approximate: true}).apply(tf.tensor1d([-1, 0, 1])) as tf.Tensor;
 * y.print(); // [-0.158808, 0, 0.841192]
 * ```
 * @see Hendrycks, Gimpel (2016), "Gaussian Error Linear Units", arXiv:1606.08415; `torch.nn.GELU`.
 */
export function gelu(options: GeluOptions = {}): tfl.layers.Layer {
  const known = {...LAYER_OPTIONS, approximate: 'true'};
  const {approximate = false} = requireOptions('gelu', options, known);
  requireChoice('gelu', 'approximate', approximate, [true, false]);
  return createLayer(Gelu, options, {approximate});
}

export class Gelu extends TensorLayer<{readonly approximate: boolean}> {
  static className = 'gradwire>Gelu';

  protected override compute(x: tf.Tensor): tf.Tensor {
    const {approximate} = this.settings;
    const inner = approximate ? tf.tanh(cubic(x)) : tf.erf(tf.mul(x, Math.SQRT1_2));
    return tf.mul(tf.mul(x, 0.5), tf.add(inner, 1));
  }
}

function cubic(x: tf.Tensor): tf.Tensor {
  // From ±10 on tanh is ±1 in float32, and the cube never overflows.
  const bounded = tf.clipByValue(x, -10, 10);
  const factor = tf.add(tf.mul(tf.square(bounded), 0.044715), 1);
  return tf.mul(tf.mul(bounded, Math.sqrt(2 / Math.PI)), factor);
}
