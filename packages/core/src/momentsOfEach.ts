import * as tf from '@tensorflow/tfjs-core';
import {runJointKernel} from './runJointKernel.js';
import type {NamedTensors} from './namedTensors.js';
import {isNative} from './isNative.js';
import {normOfEach} from './normOfEach.js';

/** Mean and standard deviation of n tensors. */
export interface Moments {
  /** Shape [n]. */
  readonly means: tf.Tensor1D;
  /** Shape [n]. */
  readonly deviations: tf.Tensor1D;
}

/**
 * Mean and standard deviation of every tensor, as vectors: one call for all parameters of a network.
 *
 *     meanᵢ = Σ tᵢ / n,  deviationᵢ = √(Σ (tᵢ − meanᵢ)² / (n − 1)),  as `torch.std`
 *
 * Right from 1e-38 to 1e38. The deviation of a single element is 0, and both are 0 for an empty tensor.
 *
 * @param tensors n tensors of any shapes.
 * @returns two float32 vectors of shape [n], in the order of the record's keys.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {momentsOfEach} from '@gradwire/core';
 *
 * const {means, deviations} = momentsOfEach({a: tf.tensor1d([2, 4, 6]), b: tf.tensor1d([1, 1])});
 * means.print(); // [4, 1]
 * deviations.print(); // [2, 0]
 * ```
 */
export function momentsOfEach(tensors: NamedTensors): Moments {
  const list = Object.values(tensors);
  if (list.length === 0) return {means: tf.zeros([0]), deviations: tf.zeros([0])};
  const [means, deviations] = runJointKernel('MomentsOfEach', list) ?? momentsOneByOne(list);
  return {means: means as tf.Tensor1D, deviations: deviations as tf.Tensor1D};
}

function momentsOneByOne(list: readonly tf.Tensor[]): readonly tf.Tensor[] {
  return tf.tidy(() => {
    const means = list.map(meanOf);
    const centred = list.map((tensor, i) => tf.sub(tensor, means[i]!));
    const norms = normOfEach(Object.fromEntries(centred.entries()));
    const freedoms = list.map(({size}) => Math.sqrt(Math.max(1, size - 1)));
    return [tf.stack(means), tf.div(norms, tf.tensor1d(freedoms))];
  });
}

function meanOf(tensor: tf.Tensor): tf.Tensor {
  if (tensor.size === 0) return tf.scalar(0);
  if (isNative()) {
    const sum = sumOf(tensor);
    if (Number.isFinite(sum.dataSync()[0])) return tf.div(sum, tensor.size);
  }
  // Entries are divided by the largest first: the sum of 1e38 and 3e38 is no float32.
  const largest = tf.max(tf.abs(tensor));
  const unit = tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest);
  return tf.mul(unit, tf.div(sumOf(tf.div(tensor, unit)), tensor.size));
}

/**
 * For means instead of tf.mean, which multiplies by a rounded 1 / n, so that equal entries would differ from their mean. Over
 * one axis first: native TensorFlow uses all of the processor then.
 */
function sumOf(tensor: tf.Tensor): tf.Tensor {
  return tf.sum(tensor.rank > 1 ? tf.sum(tensor, 0) : tensor);
}
