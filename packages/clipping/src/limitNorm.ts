import {globalNorm, mapTensors, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales tensors by one factor so that their joint norm is at most `maxNorm`.
 *
 * Divides by max(1, ‖t‖ / maxNorm) instead of multiplying by min(1, maxNorm / ‖t‖): a zero norm divides nothing, the
 * factor of a huge norm is no denormal number, and what is small enough is divided by exactly 1.
 */
export function limitNorm(tensors: NamedTensors, maxNorm: number): NamedTensors {
  const excess = tf.maximum(tf.div(globalNorm(tensors), maxNorm), 1);
  return mapTensors(tensors, (tensor) => tf.div(tensor, excess));
}
