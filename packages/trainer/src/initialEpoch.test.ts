import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {mlp, noisy, record, samples, useCpu, weightsOf, wave} from '../fixtures/training.js';
import {createTrainer} from './index.js';

useCpu();

const N = 12;

function trainerOf(model: tf.LayersModel) {
  return createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.01),
    transforms: [noisy()],
    seed: 7,
  });
}

describe('initialEpoch', () => {
  it('goes on where another process has left off, bit for bit', async () => {
    const options = {batchSize: 5};
    const whole = mlp();
    const undisturbed = trainerOf(whole);
    const events = record(undisturbed);
    await undisturbed.fit(samples(N), {...options, epochs: 4});

    const first = mlp();
    const before = trainerOf(first);
    await before.fit(samples(N), {...options, epochs: 2});
    const second = mlp();
    second.setWeights(first.getWeights());
    const after = trainerOf(second);
    const resumed = record(after);
    await after.optimizer.setWeights(await before.optimizer.getWeights());
    const {epoch} = await after.fit(samples(N), {...options, epochs: 4, initialEpoch: 2});

    expect(epoch).toEqual([2, 3]);
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    const losses = (all: typeof events) =>
      all.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses(resumed)).toEqual(losses(events).slice(6));
  });

  it('tells a function of batches which epoch it is', async () => {
    const told: number[] = [];
    const trainer = trainerOf(mlp());
    const batches = (epoch: number) => {
      told.push(epoch);
      return [{xs: wave([4, 3]), ys: wave([4, 1])}];
    };
    await trainer.fit(batches, {epochs: 4, initialEpoch: 1});
    expect(told).toEqual([1, 2, 3]);
  });

  it.each([
    [2, 'Trainer.fit: initialEpoch must be less than epochs (2), got 2: nothing is left to train.'],
    [-1, 'Trainer.fit: initialEpoch must be a whole number >= 0, got -1.'],
  ])('of %d is rejected', async (initialEpoch, message) => {
    await expect(trainerOf(mlp()).fit(samples(N), {epochs: 2, initialEpoch})).rejects.toThrow(message);
  });
});
