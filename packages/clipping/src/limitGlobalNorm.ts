import {divideEach, globalNorm, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {excess} from './excess.js';

/** Scales all tensors by one factor so that their joint norm is at most `maxNorm`. */
export function limitGlobalNorm(tensors: NamedTensors, maxNorm: number, norm: 2 | 'inf' = 2): NamedTensors {
  const length = norm === 2 ? globalNorm(tensors) : largestMagnitude(tensors);
  return divideEach(tensors, excess(length, maxNorm));
}

/** From the ends of each tensor's range: |t| would be a copy of all of them. */
function largestMagnitude(tensors: NamedTensors): tf.Scalar {
  const ends = Object.values(tensors)
    .filter(({size}) => size > 0)
    .flatMap((tensor) => [tf.max(tensor), tf.min(tensor)]);
  return ends.length === 0 ? tf.scalar(0) : tf.max(tf.abs(tf.stack(ends)));
}
