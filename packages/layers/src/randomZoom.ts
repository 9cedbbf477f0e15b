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

/** The options of {@link randomZoom}. */
export interface RandomZoomOptions extends AffineLayerOptions {
  /** How far out vertically, as a share of the height; 0.1 is [−0.1, 0.1], negative is into the image. From −1 on. */
  readonly heightFactor: Factor;
  /** How far out horizontally. Default: as far as vertically, which keeps the proportions. */
  readonly widthFactor?: Factor;
}

interface Settings {
  readonly heightFactor: readonly [number, number];
  readonly widthFactor?: readonly [number, number];
}

/** At −1 the image is one point of itself: there is nothing further in. */
const WITHIN = [-1, Infinity] as const;

/**
 * Zooms images at random in training.
 *
 *     to 1 / (1 + u) of their height and 1 / (1 + v) of their width;  u ~ U(heightFactor), v ~ U(widthFactor), new for each
 *     image and step; v = u without widthFactor
 *
 * About the centre. Images [batch, height, width, channels]; in prediction they pass as they are. Random numbers come from
 * `Math.random`, which `@gradwire/trainer` seeds.
 *
 * @throws RangeError if a factor is out of bounds, or `fillValue` not finite.
 * @throws TypeError if `options` is no object, has an unknown key, or a mode that there is not.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomZoom} from '@gradwire/layers';
 *
 * const images = tf.ones([8, 28, 28, 1]);
 * randomZoom({heightFactor: [-0.2, 0.1]}).apply(images, {training: true});
 * ```
 * @see Keras, `RandomZoom`, for names and meaning of the options.
 */
export function randomZoom(options: RandomZoomOptions): tfl.layers.Layer {
  const known = {heightFactor: 0.1, widthFactor: 0.1, ...AFFINE_LAYER_OPTIONS};
  const {heightFactor, widthFactor} = requireOptions('randomZoom', options, known);
  return createLayer(RandomZoom, options, {
    heightFactor: boundsOf('randomZoom', 'heightFactor', heightFactor, WITHIN),
    ...(widthFactor === undefined
      ? {}
      : {widthFactor: boundsOf('randomZoom', 'widthFactor', widthFactor, WITHIN)}),
    ...affineOptions('randomZoom', options),
  });
}

export class RandomZoom extends AffineLayer<Settings & AffineOptions> {
  static className = 'gradwire>RandomZoom';

  protected override map(height: number, width: number): AffineMap {
    const {heightFactor, widthFactor} = this.settings;
    const vertical = draw(heightFactor);
    const horizontal = widthFactor == null ? vertical : draw(widthFactor);
    // The centre stays where it is.
    const [x, y] = [(-horizontal * (width - 1)) / 2, (-vertical * (height - 1)) / 2];
    return [1 + horizontal, 0, x, 0, 1 + vertical, y];
  }
}
