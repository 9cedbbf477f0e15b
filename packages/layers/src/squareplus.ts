import {requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link squareplus}. */
export interface SquareplusOptions extends LayerOptions {
  /** How round the bend is; > 0: the smaller, the closer to ReLU. Default 4. */
  readonly b?: number;
}

/**
 * A smooth ReLU out of algebra alone.
 *
 *     y = (x + √(x² + b)) / 2
 *
 * Falls off as b / (4 |x|) where softplus falls off as eˣ: negative entries keep a gradient. No digits are lost there, as they
 * would be to the sum above. Any shape.
 *
 * @throws RangeError if `b` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {squareplus} from '@gradwire/layers';
 *
 * const y = squareplus().apply(tf.tensor1d([-1000, 0, 1.5])) as tf.Tensor;
 * y.print(); // [0.001, 1, 2]
 * ```
 * @see Barron (2021), "Squareplus: A Softplus-Like Algebraic Rectifier", arXiv:2112.11687.
 */
export function squareplus(options: SquareplusOptions = {}): tfl.layers.Layer {
  const {b = 4} = requireOptions('squareplus', options, {...LAYER_OPTIONS, b: 4});
  requirePositive('squareplus', {b});
  return createLayer(Squareplus, options, {b});
}

export class Squareplus extends TensorLayer<{readonly b: number}> {
  static className = 'gradwire>Squareplus';

  protected override compute(x: tf.Tensor): tf.Tensor {
    const {b} = this.settings;
    const pass = tf.customGrad((input, save) => {
      const root = tf.sqrt(tf.add(tf.square(input as tf.Tensor), b));
      const large = tf.mul(tf.add(tf.abs(input as tf.Tensor), root), 0.5);
      const value = tf.where(tf.greater(input as tf.Tensor, 0), large, tf.div(b / 4, large));
      (save as (tensors: tf.Tensor[]) => void)([value, root]);
      // dy/dx = (1 + x / root) / 2 = y / root
      return {value, gradFunc: (dy: tf.Tensor, [y, r]: tf.Tensor[]) => tf.mul(dy, tf.div(y!, r!))};
    });
    return pass(x);
  }
}
