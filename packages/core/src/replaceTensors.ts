import type * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';

/** Puts `replacement` in the place of the named tensors; those that it lacks are left out. The order stays. */
export function replaceTensors(
  tensors: NamedTensors,
  names: ReadonlySet<string>,
  replacement: NamedTensors,
): NamedTensors {
  const replaced: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const chosen = names.has(name) ? replacement[name] : tensor;
    if (chosen !== undefined) replaced[name] = chosen;
  }
  return replaced;
}
