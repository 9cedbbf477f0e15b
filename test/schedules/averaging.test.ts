import {type GradientOptimizer, scheduleLearningRate, transformGradients} from '@gradwire/core';
import {
  adamW,
  assignAveragedWeights,
  averageWeights,
  cosineRestarts,
  lookahead,
  registerOptimizers,
  withAveragedWeights,
} from '@gradwire/optimizers';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {loaded, saved} from '../suites/support/saving.js';
import {mlp, samples} from './model.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

function weightsOf(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}

function mean(lists: readonly number[][]): number[] {
  return lists[0]!.map((_, i) => lists.reduce((sum, list) => sum + list[i]!, 0) / lists.length);
}

const {x, y} = samples(16);
const fit = {epochs: 1, batchSize: 4, shuffle: false, verbose: 0} as const;

describe('averaged weights', () => {
  it('are those of a training with the trainer', async () => {
    const model = mlp();
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.momentum(0.1, 0.9),
      transforms: [averageWeights({from: 1, every: 2})],
    });
    const way: number[][] = [];
    trainer.events$.pipe(ofType('step')).subscribe(() => way.push(weightsOf(model)));
    await trainer.fit({x, y}, {epochs: 2, batchSize: 4});
    const last = weightsOf(model);
    const wanted = mean([1, 3, 5, 7].map((step) => way[step]!));
    const {loss} = await withAveragedWeights(trainer.optimizer, async () => {
      expect(weightsOf(model)).toBeAllclose(wanted, {rtol: 1e-5, atol: 1e-6});
      return trainer.evaluate({x, y});
    });
    expect(weightsOf(model)).toEqual(last);
    expect(loss).not.toBe((await trainer.evaluate({x, y})).loss);
    assignAveragedWeights(trainer.optimizer);
    expect((await trainer.evaluate({x, y})).loss).toBe(loss);
  });

  it.each<[string, () => GradientOptimizer]>([
    ['adam', () => transformGradients(tf.train.adam(0.1), averageWeights({decay: 0.5}))],
    ['adamW', () => transformGradients(adamW({learningRate: 0.1}), averageWeights({decay: 0.5}))],
    [
      'a scheduled adam',
      () =>
        scheduleLearningRate(
          transformGradients(tf.train.adam(), averageWeights({decay: 0.5})),
          cosineRestarts({rate: 0.1, period: 2}),
        ),
    ],
  ])('are there between epochs of fit with %s', async (_, make) => {
    const model = mlp();
    const optimizer = make();
    model.compile({loss: 'meanSquaredError', optimizer});
    const averaged: number[][] = [];
    const onEpochEnd = async (): Promise<void> => {
      const before = weightsOf(model);
      averaged.push(await withAveragedWeights(optimizer, () => weightsOf(model)));
      expect(weightsOf(model)).toEqual(before);
    };
    await model.fit(x, y, {...fit, epochs: 2, callbacks: {onEpochEnd}});
    const plain = mlp();
    const other = make();
    plain.compile({loss: 'meanSquaredError', optimizer: other});
    await plain.fit(x, y, {...fit, epochs: 2});
    // Looking at the averages changes neither the training nor them.
    expect(weightsOf(model)).toEqual(weightsOf(plain));
    assignAveragedWeights(other);
    expect(weightsOf(plain)).toEqual(averaged[1]);
  });
});

describe('saved and loaded, training goes on as if never stopped with', () => {
  it.each<[string, () => GradientOptimizer]>([
    ['averageWeights', () => transformGradients(tf.train.adam(0.05), averageWeights({decay: 0.9, from: 2}))],
    ['lookahead', () => transformGradients(tf.train.adam(0.05), lookahead({syncPeriod: 3}))],
    [
      'both',
      () =>
        transformGradients(
          adamW({learningRate: 0.05}),
          lookahead({syncPeriod: 5}),
          averageWeights({every: 3}),
        ),
    ],
  ])('%s', async (_, make) => {
    const whole = mlp();
    whole.compile({loss: 'meanSquaredError', optimizer: make()});
    await whole.fit(x, y, {...fit, epochs: 4});

    const first = mlp();
    first.compile({loss: 'meanSquaredError', optimizer: make()});
    await first.fit(x, y, {...fit, epochs: 2});
    registerOptimizers();
    const second = await loaded(await saved(first));
    await second.fit(x, y, {...fit, epochs: 2});

    expect(weightsOf(second)).toEqual(weightsOf(whole));
    // The averages too, where there are any.
    const optimizers = [second, whole].map((model) => model.optimizer as GradientOptimizer);
    if (optimizers[0]!.transforms.some(({name}) => name === 'averageWeights')) {
      for (const optimizer of optimizers) assignAveragedWeights(optimizer);
    }
    expect(weightsOf(second)).toEqual(weightsOf(whole));
  });
});

it('a loaded optimizer has no averages before it knows its model, and leaves the model that it was saved from alone', async () => {
  const original = mlp();
  original.compile({
    loss: 'meanSquaredError',
    optimizer: transformGradients(tf.train.adam(0.05), averageWeights()),
  });
  await original.fit(x, y, {...fit, epochs: 1});
  registerOptimizers();
  const copy = await loaded(await saved(original));
  const before = weightsOf(original);
  expect(() => assignAveragedWeights(copy.optimizer as GradientOptimizer)).toThrow(
    'call initialize(variables) first.',
  );
  expect(weightsOf(original)).toEqual(before);
});
