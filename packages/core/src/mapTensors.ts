import type * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';
import type {NamedTensors} from './namedTensors.js';

/**
 * Applies `fn` to every tensor and keeps the names.
 *
 * The loop that most transforms are made of. Holes stay holes: `fn` is not called for them.
 *
 * @param tensors tensors by parameter name.
 * @param fn gets a tensor and its name, returns the tensor that takes its place.
 * @throws TypeError if `fn` is not a function.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {mapTensors} from '@gradwire/core';
 *
 * const halved = mapTensors({w: tf.tensor1d([2, 4])}, (g) => tf.div(g, 2));
 * halved.w!.print(); // [1, 2]
 * ```
 */
export function mapTensors(
  tensors: NamedTensors,
  fn: (tensor: tf.Tensor, name: string) => tf.Tensor,
): NamedTensors {
  if (typeof fn !== 'function') {
    throw new TypeError(
      `mapTensors: fn must be a function, got ${describeValue(fn)}. Call mapTensors(tensors, fn).`,
    );
  }
  const mapped: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) mapped[name] = fn(tensor, name);
  return mapped;
}
