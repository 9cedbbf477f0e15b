import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {boundsOf, type Factor} from './factor.js';
import {draw, ImageLayer} from './imageLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';

/** The options of {@link randomContrast}. */
export interface RandomContrastOptions extends LayerOptions {
  /** How much more contrast; 0.2 is [−0.2, 0.2], negative is less. From −1 on, where images are plain grey. */
  readonly factor: Factor;
}

interface Settings {
  readonly factor: readonly [number, number];
}

/**
 * Changes the contrast of images at random in training.
 *
 *     y = mean + (1 + u) · (x − mean);  u ~ U(factor), new for each image and step; mean of each channel of each image
 *
 * Values are not clipped. Images [batch, height, width, channels]; in prediction they pass as they are. Random numbers come
 * from `Math.random`, which `@gradwire/trainer` seeds.
 *
 * @throws RangeError if `factor` is out of bounds.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomContrast} from '@gradwire/layers';
 *
 * const images = tf.ones([8, 28, 28, 1]);
 * randomContrast({factor: 0.2}).apply(images, {training: true});
 * ```
 * @see Keras, `RandomContrast`, whose pair is (how much less, how much more) instead of bounds, and which clips.
 */
export function randomContrast(options: RandomContrastOptions): tfl.layers.Layer {
  const {factor} = requireOptions('randomContrast', options, {factor: 0.2, ...LAYER_OPTIONS});
  return createLayer(RandomContrast, options, {
    factor: boundsOf('randomContrast', 'factor', factor, [-1, Infinity]),
  });
}

export class RandomContrast extends ImageLayer<Settings> {
  static className = 'gradwire>RandomContrast';

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const means = tf.mean(images, [1, 2], true);
    const factors = Array.from({length: images.shape[0]}, () => 1 + draw(this.settings.factor));
    return tf.add(means, tf.mul(tf.sub(images, means), tf.tensor4d(factors, [factors.length, 1, 1, 1])));
  }
}
