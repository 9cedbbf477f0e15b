import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../../fixtures/useCpu.js';
import {shuffledBatches} from './shuffledBatches.js';

useCpu();

describe('shuffledBatches', () => {
  const images = () => ({
    x: tf.range(0, 23).reshape([23, 1]) as tf.Tensor2D,
    y: tf.oneHot(tf.range(0, 23, 1, 'int32'), 23) as tf.Tensor2D,
  });
  const epochOf = (batches: ReturnType<typeof shuffledBatches>, epoch: number) =>
    [...batches(epoch)].map(({xs}) => [...(xs as tf.Tensor).dataSync()]);

  it('drops the images that fill no batch', () => {
    const lengths = epochOf(shuffledBatches(images(), {batchSize: 5, seed: 1}), 0).map(({length}) => length);
    expect(lengths).toEqual([5, 5, 5, 5]);
  });

  it('keeps images and labels together', () => {
    for (const {xs, ys} of shuffledBatches(images(), {batchSize: 5, seed: 1})(0)) {
      expect([...tf.argMax(ys as tf.Tensor, 1).dataSync()]).toEqual([...(xs as tf.Tensor).dataSync()]);
    }
  });

  it('shuffles within two batches', () => {
    const order = epochOf(shuffledBatches(images(), {batchSize: 5, seed: 1}), 0).flat();
    expect(Math.max(...order.map((image, place) => image - place))).toBeLessThanOrEqual(9);
  });

  it('shuffles each epoch anew, whichever was asked for before', () => {
    const batches = shuffledBatches(images(), {batchSize: 5, seed: 1});
    const first = epochOf(batches, 0);
    const third = epochOf(batches, 2);
    expect(third).not.toEqual(first);
    expect(epochOf(shuffledBatches(images(), {batchSize: 5, seed: 1}), 2)).toEqual(third);
    expect(epochOf(shuffledBatches(images(), {batchSize: 5, seed: 2}), 2)).not.toEqual(third);
  });
});
