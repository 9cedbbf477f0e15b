import type * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';

/** The tensors of the given names. Names without a tensor are left out. */
export function pickTensors(tensors: NamedTensors, names: Iterable<string>): NamedTensors {
  const picked: Record<string, tf.Tensor> = {};
  for (const name of names) {
    const tensor = tensors[name];
    if (tensor !== undefined) picked[name] = tensor;
  }
  return picked;
}
