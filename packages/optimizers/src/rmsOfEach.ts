import {type NamedTensors, normOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The root of the mean of squares of every tensor: shape [n], in the order of the record's keys. */
export function rmsOfEach(tensors: NamedTensors): tf.Tensor1D {
  const roots = Object.values(tensors).map(({size}) => Math.sqrt(Math.max(1, size)));
  return tf.div(normOfEach(tensors), tf.tensor1d(roots, 'float32'));
}
