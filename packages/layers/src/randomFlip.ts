import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {draw, ImageLayer} from './imageLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {requireChoice} from './requireChoice.js';

/** The options of {@link randomFlip}. */
export interface RandomFlipOptions extends LayerOptions {
  /** Which way: left and right change places, or top and bottom. Default `'horizontalAndVertical'`. */
  readonly mode?: 'horizontal' | 'vertical' | 'horizontalAndVertical';
}

/**
 * Mirrors half of the images in training, drawn anew for each image, direction and step.
 *
 * Images [batch, height, width, channels]; in prediction they pass as they are. Random numbers come from `Math.random`, which
 * `@gradwire/trainer` seeds.
 *
 * @throws TypeError if `options` is no object, has an unknown key, or a mode that there is not.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomFlip} from '@gradwire/layers';
 *
 * const images = tf.ones([8, 28, 28, 1]);
 * randomFlip({mode: 'horizontal'}).apply(images, {training: true});
 * ```
 * @see Keras, `RandomFlip`, for names and meaning of the options.
 */
export function randomFlip(options: RandomFlipOptions = {}): tfl.layers.Layer {
  const known = {mode: "'horizontal'", ...LAYER_OPTIONS};
  const {mode = 'horizontalAndVertical'} = requireOptions('randomFlip', options, known);
  requireChoice('randomFlip', 'mode', mode, ['horizontal', 'vertical', 'horizontalAndVertical']);
  return createLayer(RandomFlip, options, {mode});
}

export class RandomFlip extends ImageLayer<Required<Pick<RandomFlipOptions, 'mode'>>> {
  static className = 'gradwire>RandomFlip';

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const {mode} = this.settings;
    const sideways = mode === 'vertical' ? images : flipHalf(images, 2);
    return mode === 'horizontal' ? sideways : flipHalf(sideways, 1);
  }
}

function flipHalf(images: tf.Tensor4D, axis: number): tf.Tensor4D {
  const count = images.shape[0];
  const chosen = tf.tensor4d(
    Array.from({length: count}, () => Number(draw([0, 1]) < 0.5)),
    [count, 1, 1, 1],
  );
  // Products with 0 and 1 are exact.
  return tf.add(tf.mul(tf.reverse(images, axis), chosen), tf.mul(images, tf.sub(1, chosen)));
}
