import {getLearningRate, type LearningRateSchedule} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {record, useCpu} from '../fixtures/training.js';
import {createTrainer, type TrainerOptions} from './index.js';

useCpu();

/** Trains one weight whose gradient is always 1; returns its way and the rates of the events. */
async function way(optimizer: tf.Optimizer, parts: Partial<TrainerOptions>) {
  const w = tf.variable(tf.scalar(0));
  const trainer = createTrainer({
    model: (x) => tf.mul(x, w),
    variables: [w],
    loss: (_, yPred) => tf.mean(yPred),
    optimizer,
    ...parts,
  });
  const events = record(trainer);
  const values: number[] = [];
  trainer.events$.subscribe(({type}) => {
    if (type === 'step') values.push(w.dataSync()[0]!);
  });
  await trainer.fit({x: tf.ones([4]), y: tf.ones([4])}, {epochs: 2, batchSize: 2});
  const rates = events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
  return {moves: values.map((value, i) => (values[i - 1] ?? 0) - value), rates, trainer};
}

const rates = [0.5, 0.25, 0.125, 0];
const schedule = (step: number): number => rates[step]!;

describe('the learning rate', () => {
  it.each<readonly [string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(9)],
    // With a constant gradient Adam moves by its rate.
    ['adam', () => tf.train.adam(9)],
  ])('of %s follows the schedule', async (_, optimizer) => {
    const run = await way(optimizer(), {schedule});
    expect(run.rates).toEqual(rates);
    run.moves.forEach((move, i) => expect(move).toBeCloseTo(rates[i]!, 4));
  });

  it('is the optimizer’s without a schedule', async () => {
    const run = await way(tf.train.sgd(0.5), {});
    expect(run.rates).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(getLearningRate(run.trainer.optimizer)).toBe(0.5);
  });

  it('is scheduled by step, epoch and batch', async () => {
    const asked = vi.fn<LearningRateSchedule>(() => 0.1);
    await way(tf.train.sgd(1), {schedule: asked});
    expect(asked.mock.calls).toEqual([
      [0, {epoch: 0, batch: 0}],
      [1, {epoch: 0, batch: 1}],
      [2, {epoch: 1, batch: 0}],
      [3, {epoch: 1, batch: 1}],
    ]);
  });

  it('that is no rate ends the run', async () => {
    await expect(way(tf.train.sgd(1), {schedule: () => Number.NaN})).rejects.toThrow(
      'createTrainer: schedule must return a rate >= 0, got the number NaN at step 0.',
    );
  });
});
