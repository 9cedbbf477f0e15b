import {isNative} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

const LIMIT = 1e16;

/**
 * A gradient whose squares may be added up. Beyond 1e19 they are infinite, and a step divided by their root is 0; but on native
 * TensorFlow that root is NaN, so entries count as 1e16 at most there.
 */
export function squarable(grad: tf.Tensor): tf.Tensor {
  return isNative() ? tf.clipByValue(grad, -LIMIT, LIMIT) : grad;
}
