import * as tf from '@tensorflow/tfjs-core';
import type {Training} from '../training.js';
import {UserError} from '../userError.js';

/** The weights of all stages, each once, first to last: later stages may hold layers that earlier ones have trained. */
export function weightsOfStages({stages}: Pick<Training, 'stages'>): tf.Variable[] {
  return [
    ...new Set(stages.flatMap(({model}) => model.weights.map((weight) => weight.read() as tf.Variable))),
  ];
}

/**
 * Gives the variables their saved values, past the constraints of layers: bringing what they have changed already is no update.
 *
 * @throws UserError if the values are those of another network.
 */
export function assignWeights(variables: readonly tf.Variable[], saved: readonly tf.Tensor[]): void {
  const fits =
    variables.length === saved.length &&
    saved.every(({shape}, i) => tf.util.arraysEqual(shape, variables[i]!.shape));
  if (!fits) {
    throw new UserError(
      '--resume: the checkpoint is that of another network; this version of gradwire builds it otherwise. Begin a new run.',
    );
  }
  variables.forEach((variable, i) => variable.assign(saved[i]!));
}
