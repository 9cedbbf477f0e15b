import {requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {requireChoice} from './requireChoice.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link swish}. */
export interface SwishOptions extends LayerOptions {
  /** Steepness; > 0. Default 1, which others call SiLU. */
  readonly beta?: number;
  /** Whether `beta` is learned: one weight for the whole layer. Default false. */
  readonly trainableBeta?: boolean;
}

/**
 * Swish with a steepness, which may be learned.
 *
 *     y = x · σ(beta · x)
 *
 * Any shape. tfjs has it for beta 1 only, as `activation: 'swish'`.
 *
 * @throws RangeError if `beta` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key, or `trainableBeta` is not true or false.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {swish} from '@gradwire/layers';
 *
 * const y = swish({beta: 2}).apply(tf.tensor1d([-1, 0, 1])) as tf.Tensor;
 * y.print(); // [-0.119203, 0, 0.880797]
 * ```
 * @see Ramachandran, Zoph, Le (2017), "Searching for Activation Functions", arXiv:1710.05941; for beta 1 `torch.nn.SiLU`.
 */
export function swish(options: SwishOptions = {}): tfl.layers.Layer {
  const known = {...LAYER_OPTIONS, beta: 1, trainableBeta: 'true'};
  const {beta = 1, trainableBeta = false} = requireOptions('swish', options, known);
  requirePositive('swish', {beta});
  requireChoice('swish', 'trainableBeta', trainableBeta, [true, false]);
  return createLayer(Swish, options, {beta, trainableBeta});
}

export class Swish extends TensorLayer<{readonly beta: number; readonly trainableBeta: boolean}> {
  static className = 'gradwire>Swish';
  private beta: tfl.LayerVariable | undefined;

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const {beta, trainableBeta} = this.settings;
    if (trainableBeta) {
      this.beta = this.addWeight('beta', [], 'float32', tfl.initializers.constant({value: beta}));
    }
    super.build(inputShape);
  }

  protected override compute(x: tf.Tensor): tf.Tensor {
    const {beta} = this.settings;
    if (this.beta === undefined && beta === 1) return tf.mul(x, tf.sigmoid(x));
    return tf.mul(x, tf.sigmoid(tf.mul(x, this.beta?.read() ?? beta)));
  }
}
