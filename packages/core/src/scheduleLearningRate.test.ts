import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  accumulateGradients,
  type GradientOptimizer,
  type LearningRateSchedule,
  type OptimizerSnapshot,
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

  it.each<[string, () => GradientOptimizer, rates: number[]]>([
    ['without a schedule', () => transformGradients(tf.train.sgd(0.5)), [0.5, 0.25, 0.25]],
    ['with one', () => scheduleLearningRate(tf.train.sgd(9), (step) => 2 ** -step), [1, 0.25, 0.125]],
    [
      'with one of the inner optimizer',
      () => transformGradients(scheduleLearningRate(tf.train.sgd(9), (step) => 2 ** -step)),
      [1, 0.25, 0.125],
    ],
  ])('is scaled on top by scaleLearningRate, and brought back by a snapshot: %s', (_, make, rates) => {
    const scaled = make();
    const snapshots: OptimizerSnapshot[] = [];
    const byHand = tf.train.sgd(9);
    const expected = descend(byHand, (step) => setLearningRate(byHand, rates[step]!));
    const path = descend(scaled, (step) => {
      if (step !== 1) return;
      snapshots.push(scaled.snapshot());
      scaled.scaleLearningRate(100);
      snapshots[0]!.restore();
      scaled.scaleLearningRate(0.5);
      snapshots[0]!.dispose();
    });
    expect(path).toEqual(expected);
  });

  it('rejects what is no factor to scale by', () => {
    expect(() => transformGradients(tf.train.sgd(1)).scaleLearningRate(-1)).toThrow(
      new RangeError('scaleLearningRate: factor must be >= 0, got -1.'),
    );
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

  it('rejects a rate set by hand, which would not last a step', () => {
    const optimizer = scheduleLearningRate(tf.train.sgd(1), falling);
    expect(() => setLearningRate(optimizer, 0.5)).toThrow(
      'GradientOptimizer: its schedule sets the learning rate; a rate set by hand would not last a step.',
    );
    optimizer.dispose();
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
