import {isNative, runJointKernel} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** −1, 0 or 1 for every entry. `tf.sign` on wasm takes all below 1e-7 for 0: a network whose gradients vanish would stand still. */
export function signOf(tensor: tf.Tensor): tf.Tensor {
  const joint = runJointKernel('SignEach', [tensor]);
  if (joint !== undefined) return joint[0]!;
  return isNative() ? tf.sign(tensor) : tf.sub(tf.step(tensor), tf.step(tf.neg(tensor)));
}
