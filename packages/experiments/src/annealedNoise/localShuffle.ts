import {mixSeeds} from '@gradwire/core';

/**
 * The numbers 0 … count − 1 in the order that a shuffle buffer gives: it holds `size` of them, passes on one at random, and the
 * next takes its place. So none comes more than `size` − 1 places early; with `size` = `count` every order is as likely.
 *
 * The same seed gives the same order.
 *
 * @see `tf.data.Dataset.shuffle`.
 */
export function localShuffle(count: number, size: number, seed: number): Int32Array {
  const order = new Int32Array(count);
  const held = Int32Array.from({length: Math.min(size, count)}, (_, i) => i);
  let left = held.length;
  for (let i = 0; i < count; i++) {
    const at = mixSeeds(seed, i) % left;
    order[i] = held[at]!;
    const next = i + held.length;
    held[at] = next < count ? next : held[--left]!;
  }
  return order;
}
