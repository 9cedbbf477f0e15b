import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {TensorLayer} from './tensorLayer.js';

/** A layer that changes images at random, each by itself, in training; in prediction they pass as they are. */
export abstract class ImageLayer<Settings extends object> extends TensorLayer<Settings> {
  protected abstract change(images: tf.Tensor4D): tf.Tensor4D;

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    if (inputShape.length !== 4) {
      throw new Error(
        `${this.name}: needs images [batch, height, width, channels], got shape [${inputShape}].`,
      );
    }
    super.build(inputShape);
  }

  protected override compute(x: tf.Tensor, training: boolean): tf.Tensor {
    return training ? this.change(x as tf.Tensor4D) : x;
  }
}

/**
 * A random number between two bounds. In JavaScript, as tfjs makes them too, and seeded by whoever seeds `Math.random`: what
 * follows from it is the same on every backend, to the last digit of a cosine.
 */
export function draw([lower, upper]: readonly [number, number]): number {
  return lower + (upper - lower) * Math.random();
}
