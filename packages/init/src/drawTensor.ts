import * as tf from '@tensorflow/tfjs-core';
import {RandomStream} from './randomStream.js';

/** A tensor whose entries come one after the other out of one stream of random numbers. */
export function drawTensor(
  shape: readonly number[],
  seed: number,
  draw: (random: RandomStream) => number,
): tf.Tensor {
  const random = new RandomStream(seed);
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  for (let i = 0; i < values.length; i++) values[i] = draw(random);
  return tf.tensor(values, [...shape]);
}
