import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {actsOtherwiseInTraining} from './actsOtherwiseInTraining.js';
import {rowsOf} from './encode.js';
import {ancestorsOf} from './graph.js';

/** Rejects lower layers that a cache would change, as dropout, found by trying them on a batch. */
export async function refuseTrainingOnly(
  lower: LayersModel,
  inputs: readonly tf.Tensor[],
  batchSize: number,
): Promise<void> {
  const samples = inputs[0]!.shape[0]!;
  const batch = rowsOf(inputs, 0, Math.min(batchSize, samples));
  try {
    const names = await actsOtherwiseInTraining(lower, batch);
    if (names.length === 0) return;
    const kinds = ancestorsOf(lower.outputs)
      .filter(({sourceLayer}) => names.includes(sourceLayer.name))
      .map(({sourceLayer}) => `'${sourceLayer.name}' (${sourceLayer.getClassName()})`);
    throw new Error(
      `trainFromCache: in training these lower layers give something else than what would be cached: ${kinds.join(', ')}. ` +
        'Pass lowerInInference: true to train on what they give in inference.',
    );
  } finally {
    tf.dispose(batch);
  }
}
