import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';

/**
 * The joint L2 norm of several tensors, as a scalar tensor.
 *
 *     ‖(t₁, …, tₙ)‖₂ = m · √(Σᵢ Σ (tᵢ / m)²),  m = max |t|
 *
 * Dividing by the largest entry first keeps squares in range: exact from 1e-38 to 1e38 in float32, and on devices
 * that compute in float16. The norm of nothing, or of zeros, is 0, with an infinite entry it is
 * infinite.
 *
 * @param tensors tensors by name; any shapes.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {globalNorm} from '@gradwire/core';
 *
 * globalNorm({a: tf.tensor1d([3]), b: tf.tensor1d([0, 4])}).print(); // 5
 * ```
 */
export function globalNorm(tensors: NamedTensors): tf.Scalar {
  return tf.tidy(() => {
    const list = Object.values(tensors).filter(({size}) => size > 0);
    if (list.length === 0) return tf.scalar(0);
    const largest = tf.max(tf.stack(list.map((tensor) => tf.max(tf.abs(tensor)))));
    const divisible = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
    const unit = tf.where(divisible, largest, tf.onesLike(largest));
    const squares = list.map((tensor) => tf.sum(tf.square(tf.div(tensor, unit))));
    return tf.mul(largest, tf.sqrt(tf.addN(squares))) as tf.Scalar;
  });
}
