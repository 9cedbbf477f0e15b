import {divideEach, type NamedTensors, normOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Divides the gradients of every layer by a number of its own.
 *
 * A layer is what stands before the last slash of a variable's name: `block/dense` of `block/dense/kernel_1`, where the
 * counter is tfjs's. A name without a slash is a layer of its own.
 *
 * @param divisors gets the joint L2 norms of the L layers, shape [L], and returns as many numbers.
 */
export function divideLayers(
  grads: NamedTensors,
  divisors: (norms: tf.Tensor1D) => tf.Tensor1D,
): NamedTensors {
  const names = Object.keys(grads);
  if (names.length === 0) return grads;
  const numbers = new Map<string, number>();
  const layerOfEach = names.map((name) => {
    const layer = layerOf(name);
    if (!numbers.has(layer)) numbers.set(layer, numbers.size);
    return numbers.get(layer)!;
  });
  const members = Array.from(numbers, (): number[] => []);
  for (const [i, layer] of layerOfEach.entries()) members[layer]!.push(i);
  const norms = normOfGroups(normOfEach(grads), members);
  return divideEach(grads, tf.gather(divisors(norms), tf.tensor1d(layerOfEach, 'int32')));
}

/** With its slash, so that no parameter has the name of a layer. */
function layerOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1) || name;
}

/** The joint norms of groups of tensors, given the norms of all and the positions of each group's. */
function normOfGroups(norms: tf.Tensor1D, groups: readonly (readonly number[])[]): tf.Tensor1D {
  const longest = Math.max(...groups.map((group) => group.length));
  // Shorter groups are filled up with a zero that is put behind the norms.
  const zero = norms.size;
  const positions = groups.flatMap((group) => Array.from({length: longest}, (_, i) => group[i] ?? zero));
  const rows = tf.gather(tf.pad(norms, [[0, 1]]), tf.tensor2d(positions, [groups.length, longest], 'int32'));
  const largest = tf.max(rows, 1, true);
  const divisible = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
  const unit = tf.where(divisible, largest, tf.onesLike(largest));
  const inUnits = tf.sqrt(tf.sum(tf.square(tf.div(rows, unit)), 1, true));
  return tf.reshape(tf.mul(largest, inUnits), [-1]);
}
