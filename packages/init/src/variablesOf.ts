import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** All weights of a model or a layer: the variables themselves, where tfjs's types show tensors. */
export function variablesOf({weights}: Pick<tfl.LayersModel, 'weights'>): tf.Variable[] {
  return weights.map((weight) => weight.read() as tf.Variable);
}
