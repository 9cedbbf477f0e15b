import * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';
import {isNative} from './isNative.js';
import {nativeNorms} from './nativeNorms.js';
import {runJointKernel} from './runJointKernel.js';

/**
 * The L2 norm of every tensor, as a vector: one call for all parameters of a network.
 *
 *     nᵢ = m · √(Σ (tᵢ / m)²),  m = max |tᵢ|
 *
 * Right from 1e-38 to 1e38, though squares of such numbers are not. The norm of zeros, or of an empty tensor, is 0; with
 * an infinite entry it is infinite.
 *
 * @param tensors n tensors of any shapes.
 * @returns shape [n], float32, in the order of the record's keys.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {normOfEach} from '@gradwire/core';
 *
 * normOfEach({a: tf.tensor1d([3, 4]), b: tf.tensor2d([[-2]])}).print(); // [5, 2]
 * ```
 */
export function normOfEach(tensors: NamedTensors): tf.Tensor1D {
  const list = Object.values(tensors);
  if (list.length === 0) return tf.zeros([0]);
  const joint = runJointKernel('NormOfEach', list);
  if (joint !== undefined) return joint[0] as tf.Tensor1D;
  if (isNative() && list.every(({dtype}) => dtype === 'float32')) return nativeNorms(list, normOf);
  return tf.tidy(() => tf.stack(list.map(normOf)) as tf.Tensor1D);
}

/** Dividing by the largest entry first keeps squares in range, also on devices that compute in float16. */
function normOf(tensor: tf.Tensor): tf.Tensor {
  if (tensor.size === 0) return tf.scalar(0);
  const largest = tf.max(tf.abs(tensor));
  const divisible = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
  const unit = tf.where(divisible, largest, tf.onesLike(largest));
  return tf.mul(largest, tf.sqrt(tf.sum(tf.square(tf.div(tensor, unit)))));
}
