import * as tf from '@tensorflow/tfjs-core';

/**
 * What to divide by, so that norms come down to `limit`: max(1, norm / limit).
 *
 * Dividing by it, instead of multiplying by min(1, limit / norm): a zero norm divides nothing, the factor of a huge norm
 * is no denormal number, and what is small enough is divided by exactly 1.
 */
export function excess<T extends tf.Tensor>(norms: T, limit: number | tf.Tensor): T {
  return tf.maximum(tf.div(norms, limit), 1);
}
