import {mixSeeds} from '@gradwire/core';
import {MersenneTwister} from '@gradwire/datasets';
import type {LabelledImages} from '@gradwire/datasets/node';

/** What {@link miniBatches} cuts out. */
export interface MiniBatchesOptions {
  readonly batchSize: number;
  /** Batches in an epoch; the next epoch goes on where they end. */
  readonly perEpoch: number;
  readonly seed: number;
}

/** Gives a batch of images, as a function of the epoch and of its place therein. */
export type MiniBatches = (epoch: number, batch: number) => LabelledImages;

/**
 * A stream of mini-batches over images, which are shuffled anew each time that all have been used: `next_batch` of TensorFlow 1's
 * MNIST tutorial. Any batch can be asked for, so that a training that is resumed goes on with the same stream.
 */
export function miniBatches(
  {count, images, labels}: LabelledImages,
  {batchSize, perEpoch, seed}: MiniBatchesOptions,
): MiniBatches {
  const pixels = images.length / count;
  let last: {readonly pass: number; readonly order: Uint32Array} | undefined;
  const orderOf = (pass: number): Uint32Array => {
    if (last?.pass !== pass) {
      last = {pass, order: new MersenneTwister(mixSeeds(seed, pass)).permutation(count)};
    }
    return last.order;
  };
  return (epoch, batch) => {
    const start = (epoch * perEpoch + batch) * batchSize;
    const picked = {
      count: batchSize,
      images: new Uint8Array(batchSize * pixels),
      labels: new Uint8Array(batchSize),
    };
    for (let i = 0; i < batchSize; i++) {
      const drawn = start + i;
      const from = orderOf(Math.floor(drawn / count))[drawn % count]!;
      picked.images.set(images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
      picked.labels[i] = labels[from]!;
    }
    return picked;
  };
}
