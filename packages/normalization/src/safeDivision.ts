import * as tf from '@tensorflow/tfjs-core';

/** max |t| as a scalar, or 1 where all entries are 0: what brings entries to [−1, 1], where squares stay in range. */
export function largestMagnitude(tensor: tf.Tensor): tf.Tensor {
  return oneForZero(tf.max(tf.abs(tensor)));
}

/** A divisor that leaves zeros zeros. */
export function oneForZero(tensor: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(tensor, 0), tf.onesLike(tensor), tensor);
}
