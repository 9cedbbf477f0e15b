import {mixSeeds} from '@gradwire/core';
import type {DataBatch} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {ImageTensors} from '../imageTensors.js';
import {localShuffle} from './localShuffle.js';

/** How images become batches. */
export interface ShuffledBatchesOptions {
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * The batches of each epoch: shuffled anew in a buffer of two batches, and without those images that fill no batch. They follow
 * from seed and epoch alone, so that a training that is taken up again sees the same ones.
 */
export function shuffledBatches(
  {x, y}: ImageTensors,
  {batchSize, seed}: ShuffledBatchesOptions,
): (epoch: number) => Generator<DataBatch, void> {
  const [count] = x.shape;
  return function* batches(epoch) {
    const order = localShuffle(count, 2 * batchSize, mixSeeds(seed, epoch));
    for (let start = 0; start + batchSize <= count; start += batchSize) {
      yield tf.tidy(() => {
        const rows = tf.tensor1d(order.subarray(start, start + batchSize), 'int32');
        return {xs: tf.gather(x, rows), ys: tf.gather(y, rows)};
      });
    }
  };
}
