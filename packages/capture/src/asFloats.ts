import {mapTensors, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** Layers may also return whole numbers or booleans; statistics are of float32. */
export function asFloats(tensors: NamedTensors): NamedTensors {
  return mapTensors(tensors, (tensor) => (tensor.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32')));
}
