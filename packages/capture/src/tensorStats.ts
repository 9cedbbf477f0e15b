import {globalNorm, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What is measured of one tensor, each a scalar: `mean`; `std`, the population standard deviation; `norm`, the L2
 * norm; `min`; `max`; `zeros`, the share of entries that are exactly 0.
 */
export function tensorStats(tensor: tf.Tensor): NamedTensors {
  const {mean, variance} = tf.moments(tensor);
  return {
    mean,
    std: tf.sqrt(variance),
    norm: globalNorm({tensor}),
    min: tf.min(tensor),
    max: tf.max(tensor),
    zeros: tf.mean(tf.cast(tf.equal(tensor, 0), 'float32')),
  };
}
