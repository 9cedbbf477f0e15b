import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';
import {normOfEach} from './normOfEach.js';

/**
 * The joint L2 norm of several tensors, as a scalar tensor.
 *
 *     ‖(t₁, …, tₙ)‖₂ = √(Σᵢ ‖tᵢ‖₂²)
 *
 * Right from 1e-38 to 1e38 in float32, though squares of such numbers are not, and on devices that compute in float16.
 * The norm of nothing, or of zeros, is 0, with an infinite entry it is infinite.
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
  return tf.tidy(() => tf.reshape(normOfEach({norms: normOfEach(tensors)}), []));
}
