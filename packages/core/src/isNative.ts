import * as tf from '@tensorflow/tfjs-core';

/**
 * Whether native TensorFlow computes, by tfjs-node or tfjs-node-gpu. Its operations are done when they return, so that a
 * number can be read without waiting, and some are far quicker than what tfjs makes of others.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {isNative} from '@gradwire/core';
 *
 * console.log(isNative()); // false, without tfjs-node
 * ```
 */
export function isNative(): boolean {
  return tf.getBackend() === 'tensorflow';
}
