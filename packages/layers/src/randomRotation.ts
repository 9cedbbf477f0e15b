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

/** The options of {@link randomRotation}. */
export interface RandomRotationOptions extends AffineLayerOptions {
  /** How far, in full turns, counter-clockwise; 0.1 is [−0.1, 0.1], ±36 degrees. Within [−1, 1]. */
  readonly factor: Factor;
}

interface Settings {
  readonly factor: readonly [number, number];
}

/**
 * Turns images about their centre at random in training.
 *
 *     by 2π · u counter-clockwise;  u ~ U(factor), new for each image and step
 *
 * Images [batch, height, width, channels]; in prediction they pass as they are. Random numbers come from `Math.random`, which
 * `@gradwire/trainer` seeds.
 *
 * @throws RangeError if `factor` is out of bounds, or `fillValue` not finite.
 * @throws TypeError if `options` is no object, has an unknown key, or a mode that there is not.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomRotation} from '@gradwire/layers';
 *
 * const images = tf.ones([8, 28, 28, 1]);
 * randomRotation({factor: 15 / 360, fillMode: 'constant'}).apply(images, {training: true});
 * ```
 * @see Keras, `RandomRotation`, for names and meaning of the options.
 */
export function randomRotation(options: RandomRotationOptions): tfl.layers.Layer {
  const {factor} = requireOptions('randomRotation', options, {factor: 0.05, ...AFFINE_LAYER_OPTIONS});
  return createLayer(RandomRotation, options, {
    factor: boundsOf('randomRotation', 'factor', factor, [-1, 1]),
    ...affineOptions('randomRotation', options),
  });
}

export class RandomRotation extends AffineLayer<Settings & AffineOptions> {
  static className = 'gradwire>RandomRotation';

  protected override map(height: number, width: number): AffineMap {
    const [right, bottom] = [(width - 1) / 2, (height - 1) / 2];
    const angle = 2 * Math.PI * draw(this.settings.factor);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // The centre stays where it is.
    return [cos, -sin, right - cos * right + sin * bottom, sin, cos, bottom - sin * right - cos * bottom];
  }
}
