import * as tf from '@tensorflow/tfjs-core';

/** Divisors that leave zeros zeros. */
export function oneForZero<T extends tf.Tensor>(divisors: T): T {
  return tf.where(tf.equal(divisors, 0), tf.onesLike(divisors), divisors);
}
