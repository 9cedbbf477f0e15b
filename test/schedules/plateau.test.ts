import type {LearningRateSchedule} from '@gradwire/core';
import {joinSchedules, linearWarmup, reduceOnPlateau} from '@gradwire/optimizers';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {mlp, samples} from './model.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** The rates of all steps of a training of two batches an epoch, whose rates are too small to improve anything. */
async function rates(schedule: LearningRateSchedule, epochs: number, validates = false): Promise<number[]> {
  const trainer = createTrainer({
    model: mlp(),
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(9),
    schedule,
  });
  const seen: number[] = [];
  trainer.events$.pipe(ofType('step')).subscribe(({learningRate}) => seen.push(learningRate!));
  const {x, y} = samples(8);
  const validationData = validates ? {validationData: samples(4)} : {};
  await trainer.fit({x, y}, {epochs, batchSize: 4, shuffle: false, ...validationData});
  return seen;
}

describe('reduceOnPlateau in the trainer', () => {
  it('lowers the rate of the epochs after a plateau of the validation loss', async () => {
    const schedule = reduceOnPlateau({rate: 1e-9, factor: 0.5, patience: 1});
    expect(await rates(schedule, 4, true)).toEqual([...Array(6).fill(1e-9), 5e-10, 5e-10]);
  });

  it('is told through a warm-up and a joint', async () => {
    const unit = 2 ** -30;
    const plateau = reduceOnPlateau({rate: 4 * unit, factor: 0.5, patience: 0, metric: 'loss'});
    const schedule = joinSchedules([linearWarmup({steps: 2, rate: 2 * unit}, plateau), () => unit], [6]);
    expect(await rates(schedule, 4)).toEqual([2, 3, 4, 4, 2, 2, 1, 1].map((rate) => rate * unit));
  });

  it('ends a training without what it goes by, and says what there is', async () => {
    await expect(rates(reduceOnPlateau({rate: 1e-9}), 2)).rejects.toThrow(
      "reduceOnPlateau: there is no 'val_loss' in the logs, only loss. Set the option metric, or train with validation data.",
    );
  });
});
