import type {Measurements, NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** Every tensor as `values`: always an array, also of a scalar. Shares its data: nothing is copied on the device. */
export function copyOfEach(tensors: NamedTensors): Measurements {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      {values: tensor.rank === 0 ? tf.reshape(tensor, [1]) : tf.clone(tensor)},
    ]),
  );
}
