import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  accumulateGradients,
  type LearningRateSchedule,
  scheduleLearningRate,
  setLearningRate,
  transformGradients,
} from './index.js';

const falling: LearningRateSchedule = (step) => 0.1 / (1 + step);

const optimizers: [name: string, make: () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(1)],
  ['momentum', () => tf.train.momentum(1, 0.9)],
  ['adagrad', () => tf.train.adagrad(1)],
  ['adadelta', () => tf.train.adadelta(1)],
  ['adam', () => tf.train.adam(1)],
  ['adamax', () => tf.train.adamax(1)],
  ['rmsprop', () => tf.train.rmsprop(1)],
  ['one with transforms', () => transformGradients(tf.train.adam(1), accumulateGradients({steps: 1}))],
];

/** Three steps down a parabola; the weight after each. */
function descend(optimizer: tf.Optimizer, before: (step: number) => void = () => {}): number[] {
  const w = tf.variable(tf.scalar(1));
  const path = [0, 1, 2].map((step) => {
    before(step);
    optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w]);
    return w.dataSync()[0]!;
  });
  w.dispose();
  optimizer.dispose();
  return path;
}

describe('scheduleLearningRate', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(optimizers)('drives %s as setting the rate by hand does', (_, make) => {
    const byHand = make();
    const expected = descend(byHand, (step) => setLearningRate(byHand, 0.1 / (1 + step)));
    expect(descend(scheduleLearningRate(make(), falling))).toEqual(expected);
  });

  it('tells the schedule step, epoch where it is set, and the step as batch', () => {
    const calls: unknown[] = [];
    const optimizer = scheduleLearningRate(tf.train.sgd(1), (...args) => {
      calls.push(args);
      return 0;
    });
    descend(optimizer, (step) => {
      if (step === 2) optimizer.epoch = 7;
    });
    expect(calls).toEqual([
      [0, {epoch: 0, batch: 0}],
      [1, {epoch: 0, batch: 1}],
      [2, {epoch: 7, batch: 2}],
    ]);
  });

  it('rejects a rate that is none in the step that it is for, and changes nothing', () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = scheduleLearningRate(tf.train.sgd(1), () => -1);
    expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w])).toThrow(
      new RangeError('GradientOptimizer: schedule must return a rate >= 0, got the number -1 at step 0.'),
    );
    expect([w.dataSync()[0], optimizer.iterations, optimizer.learningRate]).toEqual([1, 0, 1]);
  });

  it('rejects what is no schedule, and what is no optimizer', () => {
    expect(() => scheduleLearningRate(tf.train.sgd(1), 0.1 as unknown as LearningRateSchedule)).toThrow(
      'scheduleLearningRate: schedule must be a function, e.g. (step) => 0.1 / (1 + step), got the number 0.1.',
    );
    expect(() => scheduleLearningRate('sgd' as unknown as tf.Optimizer, falling)).toThrow(
      'scheduleLearningRate: optimizer must be',
    );
  });
});
