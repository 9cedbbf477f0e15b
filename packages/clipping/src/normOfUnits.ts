import * as tf from '@tensorflow/tfjs-core';

/**
 * The L2 norm of every column of a matrix, right where it is at least `floor`; smaller ones may come out too small.
 *
 *     n = u · √(Σ (t / u)²),  u = max(Σ |t| / √rows, floor)
 *
 * u lies between the norm and its √rows-th part: squares of t / u stay in range, and u itself does where the norm does.
 * The largest entry would do as well, but the largest of columns is slow to find on most backends.
 *
 * @param floor > 0: a number, or one per column, shape [columns].
 * @returns shape [columns].
 */
export function normOfUnits(matrix: tf.Tensor2D, floor: number | tf.Tensor): tf.Tensor1D {
  const rows = matrix.shape[0];
  const size = tf.tidy(() => tf.sum(tf.abs(tf.div(matrix, Math.sqrt(rows))), 0));
  const unit = tf.maximum(size, floor);
  const squares = tf.tidy(() => tf.sum(tf.square(tf.div(matrix, unit)), 0));
  return tf.mul(unit, tf.sqrt(squares));
}
