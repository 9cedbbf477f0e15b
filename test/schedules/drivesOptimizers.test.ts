import {type LearningRateSchedule, scheduleLearningRate} from '@gradwire/core';
import {adamW, cosineDecay, joinSchedules, linearWarmup, oneCycle, stepDecay} from '@gradwire/optimizers';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {mlp, samples} from './model.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const EPOCHS = 3;
const BATCHES = 4;
const steps = EPOCHS * BATCHES;

/** How tfjs lets one set the rate of each of its optimizers: by method, or by property. */
type SetRate = (optimizer: tf.Optimizer, rate: number) => void;
const byMethod: SetRate = (optimizer, rate) => (optimizer as tf.SGDOptimizer).setLearningRate(rate);
const byProperty: SetRate = (optimizer, rate) => {
  (optimizer as unknown as {learningRate: number}).learningRate = rate;
};

const optimizers: readonly (readonly [string, () => tf.Optimizer, SetRate])[] = [
  ['sgd', () => tf.train.sgd(9), byMethod],
  ['momentum', () => tf.train.momentum(9, 0.9), byMethod],
  ['nesterov', () => tf.train.momentum(9, 0.9, true), byMethod],
  ['adagrad', () => tf.train.adagrad(9), byProperty],
  ['adadelta', () => tf.train.adadelta(9, 0.9), byProperty],
  ['adam', () => tf.train.adam(9), byProperty],
  ['adamax', () => tf.train.adamax(9), byProperty],
  ['rmsprop', () => tf.train.rmsprop(9, 0.9, 0.5), byProperty],
  ['adamW', () => adamW({learningRate: 9}), byMethod],
];

const schedule = (): LearningRateSchedule =>
  joinSchedules(
    [
      linearWarmup({steps: 3, rate: 0.01}, oneCycle({peak: 0.2, steps: 5})),
      cosineDecay({rate: 0.1, steps: 6}),
    ],
    [7],
  );

/** Weights after training with a loop that sets the rate by hand before every update. */
function byHand(optimizer: tf.Optimizer, setRate: SetRate): number[][] {
  const model = mlp();
  const {x, y} = samples(BATCHES * 4);
  const rate = schedule();
  for (let step = 0; step < steps; step++) {
    setRate(optimizer, rate(step, {epoch: 0, batch: step}));
    optimizer.minimize(() =>
      tf.tidy(() => {
        const at = (step % BATCHES) * 4;
        const predicted = model.apply(tf.slice(x, at, 4), {training: true}) as tf.Tensor;
        return tf.mean(tf.square(tf.sub(predicted, tf.slice(y, at, 4))));
      }),
    );
  }
  return weightsOf(model);
}

function weightsOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

describe.each(optimizers)('a schedule drives %s as a loop that sets its rate:', (_, make, setRate) => {
  const expectSame = (weights: number[][]): void => {
    tf.disposeVariables();
    expect(weights).not.toEqual(weightsOf(mlp()));
    tf.disposeVariables();
    const wanted = byHand(make(), setRate).flat();
    weights.flat().forEach((weight, i) => expect(weight).toBeCloseTo(wanted[i]!, 5));
  };

  it('in fit', async () => {
    const model = mlp();
    model.compile({loss: 'meanSquaredError', optimizer: scheduleLearningRate(make(), schedule())});
    const {x, y} = samples(BATCHES * 4);
    await model.fit(x, y, {epochs: EPOCHS, batchSize: 4, shuffle: false, verbose: 0});
    expectSame(weightsOf(model));
  });

  it('in minimize', () => {
    const model = mlp();
    const optimizer = scheduleLearningRate(make(), schedule());
    const {x, y} = samples(BATCHES * 4);
    for (let step = 0; step < steps; step++) {
      const at = (step % BATCHES) * 4;
      optimizer.minimize(() =>
        tf.losses.meanSquaredError(tf.slice(y, at, 4), model.apply(tf.slice(x, at, 4)) as tf.Tensor),
      );
    }
    expectSame(weightsOf(model));
  });

  it('in the trainer', async () => {
    const model = mlp();
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: make(),
      schedule: schedule(),
    });
    await trainer.fit(samples(BATCHES * 4), {epochs: EPOCHS, batchSize: 4, shuffle: false});
    expectSame(weightsOf(model));
  });
});

describe('scheduleLearningRate with a schedule', () => {
  it('leaks nothing', async () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    await expectNoLeaks(() => {
      const optimizer = scheduleLearningRate(tf.train.adam(), stepDecay({rate: 0.1, every: 10}));
      for (let step = 0; step < 100; step++) optimizer.minimize(() => tf.square(w));
      optimizer.dispose();
    });
  });
});
