import * as tf from '@tensorflow/tfjs-core';
import {runJointKernel} from './runJointKernel.js';
import type {NamedTensors} from './namedTensors.js';
import {isNative} from './isNative.js';

/**
 * Divides every tensor by a number of its own: one call for all parameters of a network.
 *
 *     tᵢ ← tᵢ / dᵢ,  or (tᵢ − sᵢ) / dᵢ
 *
 * To scale by min(1, a / b), divide by max(1, b / a): that leaves a tensor exactly alone where nothing is to be done,
 * and has no factor that is too small for float32.
 *
 * @param tensors n tensors of any shapes.
 * @param divisors shape [n], in the order of the record's keys, or a scalar for all.
 * @param shifts shape [n]: what is subtracted first. Default: nothing.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {divideEach, normOfEach} from '@gradwire/core';
 *
 * const grads = {a: tf.tensor1d([3, 4]), b: tf.tensor1d([0, 2])};
 * const units = divideEach(grads, normOfEach(grads));
 * units.a!.print(); // [0.6, 0.8]
 * units.b!.print(); // [0, 1]
 * ```
 */
export function divideEach(tensors: NamedTensors, divisors: tf.Tensor, shifts?: tf.Tensor): NamedTensors {
  const names = Object.keys(tensors);
  if (names.length === 0) return tensors;
  const list = Object.values(tensors);
  const joint = runJointKernel('DivideEach', list, shifts === undefined ? {divisors} : {divisors, shifts});
  const divided = joint ?? divideOneByOne(list, divisors, shifts);
  return Object.fromEntries(names.map((name, i) => [name, divided[i]!]));
}

function divideOneByOne(
  list: readonly tf.Tensor[],
  divisors: tf.Tensor,
  shifts: tf.Tensor | undefined,
): readonly tf.Tensor[] {
  return tf.tidy(() => {
    const by = divisors.rank === 0 ? list.map(() => divisors) : tf.unstack(divisors);
    const less = shifts && tf.unstack(shifts);
    const isOne =
      isNative() && shifts === undefined ? [...divisors.dataSync()].map((value) => value === 1) : [];
    return list.map((tensor, i) => {
      if (isOne[divisors.rank === 0 ? 0 : i]) return tensor;
      return tf.div(less === undefined ? tensor : tf.sub(tensor, less[i]!), by[i]!);
    });
  });
}
