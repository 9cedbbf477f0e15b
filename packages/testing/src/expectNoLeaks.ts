import {describeValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `fn` and fails if there are then more tensors than before, or fewer.
 *
 * Counts with `tf.memory().numTensors`; no other code may make tensors meanwhile.
 *
 * @param fn what must free all that it makes, and nothing else; may be async.
 * @throws Error that tells how many tensors are left, or whatever `fn` throws.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {expectNoLeaks} from '@gradwire/testing';
 *
 * await expectNoLeaks(async () => {
 *   const x = tf.ones([3]);
 *   await x.data();
 *   x.dispose();
 * });
 * ```
 */
export async function expectNoLeaks(fn: () => unknown): Promise<void> {
  if (typeof fn !== 'function') {
    throw new TypeError(`expectNoLeaks: fn must be a function, got ${describeValue(fn)}.`);
  }
  const before = tf.memory().numTensors;
  await fn();
  const after = tf.memory().numTensors;
  if (after === before) return;
  const difference = `${Math.abs(after - before)} ${after > before ? 'more' : 'fewer'} than before`;
  throw new Error(`expectNoLeaks: ${after} tensors, ${difference}.`);
}
