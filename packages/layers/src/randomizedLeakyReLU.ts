import {requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link randomizedLeakyReLU}. */
export interface RandomizedLeakyReLUOptions extends LayerOptions {
  /** Smallest slope of negative entries; >= 0. Default 1/8. */
  readonly lower?: number;
  /** Largest slope of negative entries; >= `lower`. Default 1/3. */
  readonly upper?: number;
}

/**
 * A leaky ReLU whose slope is drawn anew for every entry and step of training.
 *
 *     y = x where x > 0, else slope · x;  slope ~ U(lower, upper) in training, (lower + upper) / 2 in prediction
 *
 * The slopes come from `tf.randomUniform` without a seed: under `@gradwire/trainer` they follow from its seed. Any shape.
 *
 * @throws RangeError if a bound is negative, or `upper` below `lower`.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomizedLeakyReLU} from '@gradwire/layers';
 *
 * const y = randomizedLeakyReLU().apply(tf.tensor1d([-48, 0, 48])) as tf.Tensor;
 * y.print(); // [-11, 0, 48]: a slope of 11/48 in prediction
 * ```
 * @see Xu, Wang, Chen, Li (2015), "Empirical Evaluation of Rectified Activations", arXiv:1505.00853; `torch.nn.RReLU`.
 */
export function randomizedLeakyReLU(options: RandomizedLeakyReLUOptions = {}): tfl.layers.Layer {
  const known = {...LAYER_OPTIONS, lower: '1 / 8', upper: '1 / 3'};
  const {lower = 1 / 8, upper = 1 / 3} = requireOptions('randomizedLeakyReLU', options, known);
  requireNonNegative('randomizedLeakyReLU', {lower, upper});
  if (upper < lower) {
    throw new RangeError(`randomizedLeakyReLU: upper must be >= lower, ${lower}, got ${upper}.`);
  }
  return createLayer(RandomizedLeakyReLU, options, {lower, upper});
}

export class RandomizedLeakyReLU extends TensorLayer<{readonly lower: number; readonly upper: number}> {
  static className = 'gradwire>RandomizedLeakyReLU';

  protected override compute(x: tf.Tensor, training: boolean): tf.Tensor {
    const {lower, upper} = this.settings;
    if (!training) return tf.leakyRelu(x, (lower + upper) / 2);
    return tf.prelu(x, tf.randomUniform(x.shape, lower, upper));
  }
}
