import {type CaptureContext, mapTensors, type NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** What the step has done to the weights: w after − w before. */
export function weightUpdates(
  {weightsBefore, weightsAfter}: CaptureContext,
  pick: (tensors: NamedTensors) => NamedTensors,
): NamedTensors {
  return mapTensors(pick(weightsAfter), (after, name) => tf.sub(after, weightsBefore[name]!));
}
