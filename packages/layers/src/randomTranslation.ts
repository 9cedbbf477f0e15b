import {requireOptions} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {AffineOptions} from './affine.js';
import {
  AFFINE_LAYER_OPTIONS,
  AffineLayer,
  type AffineLayerOptions,
  type AffineMap,
  affineOptions,
} from './affineLayer.js';
import {createLayer} from './createLayer.js';
import {boundsOf, type Factor} from './factor.js';
import {draw} from './imageLayer.js';

/** The options of {@link randomTranslation}. */
export interface RandomTranslationOptions extends AffineLayerOptions {
  /** How far down, as a share of the height; 0.1 is [−0.1, 0.1], negative is up. Within [−1, 1]. */
  readonly heightFactor: Factor;
  /** How far to the right, as a share of the width; 0.1 is [−0.1, 0.1], negative is to the left. Within [−1, 1]. */
  readonly widthFactor: Factor;
}

interface Settings {
  readonly heightFactor: readonly [number, number];
  readonly widthFactor: readonly [number, number];
}

/**
 * Shifts images at random in training.
 *
 *     y[r, c] = x[r − u · height, c − v · width];  u ~ U(heightFactor), v ~ U(widthFactor), new for each image and step
 *
 * Images [batch, height, width, channels]; in prediction they pass as they are. Random numbers come from `Math.random`, which
 * `@gradwire/trainer` seeds.
 *
 * @throws RangeError if a factor is out of bounds, or `fillValue` not finite.
 * @throws TypeError if `options` is no object, has an unknown key, or a mode that there is not.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomTranslation} from '@gradwire/layers';
 *
 * const images = tf.ones([8, 28, 28, 1]);
 * randomTranslation({heightFactor: 0.1, widthFactor: 0.1}).apply(images, {training: true});
 * ```
 * @see Keras, `RandomTranslation`, for names and meaning of the options.
 */
export function randomTranslation(options: RandomTranslationOptions): tfl.layers.Layer {
  const known = {heightFactor: 0.1, widthFactor: 0.1, ...AFFINE_LAYER_OPTIONS};
  const {heightFactor, widthFactor} = requireOptions('randomTranslation', options, known);
  return createLayer(RandomTranslation, options, {
    heightFactor: boundsOf('randomTranslation', 'heightFactor', heightFactor, [-1, 1]),
    widthFactor: boundsOf('randomTranslation', 'widthFactor', widthFactor, [-1, 1]),
    ...affineOptions('randomTranslation', options),
  });
}

export class RandomTranslation extends AffineLayer<Settings & AffineOptions> {
  static className = 'gradwire>RandomTranslation';

  protected override map(height: number, width: number): AffineMap {
    const {heightFactor, widthFactor} = this.settings;
    return [1, 0, -width * draw(widthFactor), 0, 1, -height * draw(heightFactor)];
  }
}
