import {requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link softplus}. */
export interface SoftplusOptions extends LayerOptions {
  /** Steepness; > 0: the larger, the closer to ReLU. Default 1. */
  readonly beta?: number;
  /** From where on the layer is the identity; > 0, compared with beta · x. Default 20. */
  readonly threshold?: number;
}

/**
 * A smooth ReLU with a steepness.
 *
 *     y = log(1 + e^(beta · x)) / beta;  y = x where beta · x > threshold
 *
 * Any shape. tfjs has it for beta 1 only, as `activation: 'softplus'`.
 *
 * @throws RangeError if `beta` or `threshold` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {softplus} from '@gradwire/layers';
 *
 * const y = softplus({beta: 2}).apply(tf.tensor1d([-1, 0, 1])) as tf.Tensor;
 * y.print(); // [0.063464, 0.346574, 1.06346]
 * ```
 * @see Dugas et al. (2001), "Incorporating Second-Order Functional Knowledge for Better Option Pricing"; `torch.nn.Softplus`.
 */
export function softplus(options: SoftplusOptions = {}): tfl.layers.Layer {
  const known = {...LAYER_OPTIONS, beta: 1, threshold: 20};
  const {beta = 1, threshold = 20} = requireOptions('softplus', options, known);
  requirePositive('softplus', {beta, threshold});
  return createLayer(Softplus, options, {beta, threshold});
}

export class Softplus extends TensorLayer<{readonly beta: number; readonly threshold: number}> {
  static className = 'gradwire>Softplus';

  protected override compute(x: tf.Tensor): tf.Tensor {
    const {beta, threshold} = this.settings;
    // tfjs has no gradient for comparisons, not even where it is not needed.
    const pass = tf.customGrad((input, save) => {
      const steep = tf.mul(input as tf.Tensor, beta);
      const isLinear = tf.greater(steep, threshold);
      (save as (tensors: tf.Tensor[]) => void)([steep, isLinear]);
      const value = tf.where(isLinear, input as tf.Tensor, tf.div(tf.softplus(steep), beta));
      const gradFunc = (dy: tf.Tensor, [scaled, linear]: tf.Tensor[]): tf.Tensor =>
        tf.where(linear!, dy, tf.mul(dy, tf.sigmoid(scaled!)));
      return {value, gradFunc};
    });
    return pass(x);
  }
}
