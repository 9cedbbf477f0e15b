import {globalNorm, type Measurements, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** {@link tensorStats} of each of several tensors, by name. */
export function statsOfEach(tensors: NamedTensors): Measurements {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensorStats(tensor)]));
}

/**
 * What is measured of one tensor, each a scalar: `mean`; `std`, the population standard deviation; `norm`, the L2
 * norm; `min`; `max`; `zeros`, the share of entries that are exactly 0.
 *
 * The deviation is taken from a norm, whose squares stay in the range of float32, where those of a variance do not.
 */
function tensorStats(tensor: tf.Tensor): NamedTensors {
  const mean = tf.mean(tensor);
  return {
    mean,
    std: tf.div(globalNorm({tensor: tf.sub(tensor, mean)}), Math.sqrt(tensor.size)),
    norm: globalNorm({tensor}),
    min: tf.min(tensor),
    max: tf.max(tensor),
    zeros: tf.mean(tf.cast(tf.equal(tensor, 0), 'float32')),
  };
}
