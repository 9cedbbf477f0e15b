import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {createTrainer} from './createTrainer.js';
import type {Trainer} from './trainer.js';
import type {TrainingData} from './trainingData.js';
import type {TrainingEvent} from '@gradwire/core';

const good = {x: tf.ones([4, 2]), y: tf.ones([4, 1])};
const misfit = () => ({xs: tf.ones([2, 2]), ys: tf.ones([2, 7])});
const fits = () => ({xs: tf.ones([2, 2]), ys: tf.ones([2, 1])});

/** A trainer whose remedy would change the weights before the first step. */
function setUp(): {trainer: Trainer; events: TrainingEvent[]; weights: () => number[]} {
  const model = tf.sequential({
    layers: [tf.layers.dense({units: 1, inputShape: [2], kernelInitializer: 'ones'})],
  });
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0.1),
    remedies: [{name: 'twos', initialize: {'**/kernel': ({shape}) => tf.fill([...shape], 2)}}],
  });
  const events: TrainingEvent[] = [];
  trainer.events$.subscribe((event) => events.push(event));
  return {trainer, events, weights: () => model.getWeights().flatMap((w) => [...w.dataSync()])};
}

const STREAMS: [string, (batch: () => {xs: tf.Tensor; ys: tf.Tensor}) => TrainingData][] = [
  [
    'a generator',
    (batch) =>
      (function* () {
        yield batch();
      })(),
  ],
  [
    'a function',
    (batch) =>
      function* () {
        yield batch();
      },
  ],
  [
    'a dataset',
    (batch) =>
      tf.data.generator(function* () {
        yield batch();
      } as never) as never,
  ],
];

describe.each(STREAMS)('what is wrong with %s is found before anything has happened:', (_kind, stream) => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each<[string, () => [TrainingData, {validationData?: TrainingData}]]>([
    ['labels that do not fit', () => [stream(misfit), {}]],
    ['validation labels that do not fit', () => [good, {validationData: stream(misfit)}]],
  ])('%s', async (_what, make) => {
    const {trainer, events, weights} = setUp();
    const [data, options] = make();
    await expect(trainer.fit(data, options)).rejects.toThrow('does not fit the model');
    expect(events).toEqual([]);
    expect(weights()).toEqual([1, 1, 0]);
    expect(trainer.optimizer.iterations).toBe(0);
  });

  it('and what fits is trained on, its first batch included', async () => {
    const {trainer, events} = setUp();
    await trainer.fit(stream(fits), {validationData: stream(fits)});
    expect(events.filter(({type}) => type === 'step')).toHaveLength(1);
    expect(events.find(({type}) => type === 'remedy')).toMatchObject({action: 'initialized'});
  });

  it('and nothing is left behind', async () => {
    const {trainer} = setUp();
    await trainer.fit(good);
    const before = tf.memory().numTensors;
    await trainer.fit(stream(misfit)).catch(() => {});
    await trainer.fit(good, {validationData: stream(misfit)}).catch(() => {});
    await trainer.fit(stream(fits), {validationData: stream(fits)});
    await trainer.fit(stream(fits), {validationData: stream(fits), signal: AbortSignal.abort()});
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('an empty validation stream is found before anything has happened', async () => {
  const {trainer, events, weights} = setUp();
  await expect(trainer.fit(good, {validationData: () => []})).rejects.toThrow('validationData is empty');
  expect([events, weights()]).toEqual([[], [1, 1, 0]]);
});
