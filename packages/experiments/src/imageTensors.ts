import type {LabelledImages} from '@gradwire/datasets/node';
import * as tf from '@tensorflow/tfjs-core';

const CLASSES = 10;

/** Images and labels as tensors, in the order that they have. */
export interface ImageTensors {
  /** [images, pixels], float32 from 0 to 1. */
  readonly x: tf.Tensor2D;
  /** [images, 10], one-hot. */
  readonly y: tf.Tensor2D;
}

/** Tensors out of the bytes of an image set with ten classes: pixels divided by 255, labels one-hot. They are the caller's. */
export function imageTensors({count, images, labels}: LabelledImages): ImageTensors {
  const pixels = new Float32Array(images.length);
  for (let i = 0; i < images.length; i++) pixels[i] = images[i]! / 255;
  const oneHot = new Float32Array(count * CLASSES);
  for (let i = 0; i < count; i++) oneHot[i * CLASSES + labels[i]!] = 1;
  return {
    x: tf.tensor2d(pixels, [count, images.length / count]),
    y: tf.tensor2d(oneHot, [count, CLASSES]),
  };
}
