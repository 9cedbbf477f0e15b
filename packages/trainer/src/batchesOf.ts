import type * as tfl from '@tensorflow/tfjs-layers';
import type {TensorInput} from './learner.js';
import {tensorsIn} from './standardBatch.js';

/** How many batches `model.fit` makes of these inputs in an epoch. */
export function batchesOf(x: TensorInput, {batchSize = 32, validationSplit = 0}: tfl.ModelFitArgs): number {
  const samples = tensorsIn(x)[0]?.shape[0] ?? 0;
  return Math.ceil(Math.floor(samples * (1 - validationSplit)) / batchSize);
}
