import * as tf from '@tensorflow/tfjs-core';

/** Rows of one width. */
export interface RowBlock {
  readonly width: number;
  /** Shape [rows, width]. */
  readonly values: tf.Tensor;
  /** Which tensor each row is a part of. */
  readonly tensors: readonly number[];
}

/**
 * Cuts tensors into rows of equal width, and what is left of each into rows of one element: an operation on all of them is a
 * single call.
 *
 * Rows are about as long as the largest tensor has of them, so that sums over either have few terms.
 *
 * @param tensors none of them empty, and at least one.
 */
export function equalRows(tensors: readonly tf.Tensor[]): RowBlock[] {
  const largest = tensors.reduce((most, {size}) => Math.max(most, size), 0);
  const width = Math.max(256, 2 ** Math.floor(Math.log2(largest) / 2));
  const [heads, tails] = [block(width), block(1)];
  tensors.forEach((tensor, i) => {
    const rest = tensor.size % width;
    const even = tensor.size - rest;
    if (rest === 0 || even === 0) (even > 0 ? heads : tails).add(tensor, i);
    else {
      const flat = tf.reshape(tensor, [tensor.size]);
      heads.add(tf.slice(flat, 0, even), i);
      tails.add(tf.slice(flat, even), i);
    }
  });
  return [heads, tails].flatMap((each) => each.done());
}

function block(width: number): {add(part: tf.Tensor, tensor: number): void; done(): RowBlock[]} {
  const parts: tf.Tensor[] = [];
  const tensors: number[] = [];
  return {
    add(part, tensor) {
      const rows = part.size / width;
      parts.push(tf.reshape(part, [rows, width]));
      for (let row = 0; row < rows; row++) tensors.push(tensor);
    },
    done: () => (parts.length === 0 ? [] : [{width, tensors, values: tf.concat(parts)}]),
  };
}
