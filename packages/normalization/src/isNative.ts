import * as tf from '@tensorflow/tfjs-core';

/** Whether native TensorFlow computes. Its operations are done when they return: to read a number costs no waiting. */
export function isNative(): boolean {
  return tf.getBackend() === 'tensorflow';
}
