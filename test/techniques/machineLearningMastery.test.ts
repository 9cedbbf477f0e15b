import {gradientSnapshots, gradientStats, weightSnapshots, weightStats} from '@gradwire/capture';
import {anyOf, every, everyEpoch} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {glorotUniform, randomNormal, reinitialize} from '@gradwire/init';
import {rmsprop} from '@gradwire/optimizers';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {expectNormal, expectUniform} from './draws.js';
import {expectRows} from './expectRows.js';
import {capturesOf, matrix, values, walk, watcher} from './trainings.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {dense} = tf.layers;

describe('Machine Learning Mastery', () => {
  it('make_circles(1000, factor 0.5, noise 0.1), seed 42', () => {
    const {x, y} = circles({samples: 1000, factor: 0.5, noise: 0.1, seed: 42});
    expect(values(x).slice(0, 4)).toBeAllclose([0.4224939515269985, 0.20644586, -0.38271006, 0.1584824], {
      rtol: 1e-5,
    });
    expect(values(x).slice(-2)).toBeAllclose([0.27181056, 0.97619727], {rtol: 1e-6});
    expect(values(y).slice(0, 20).join('')).toBe('11110111101011110110');
    expect(values(x).reduce((a, b) => a + b, 0)).toBeAllclose(-4.17326245603399, {rtol: 1e-5});
    expect(y.shape).toEqual([1000, 1]);
  });

  it('Dense as Keras: glorot_uniform, ±√6 / √(n + n′), biases 0', () => {
    expectUniform(glorotUniform(), Math.sqrt(6) / Math.sqrt(700));
  });

  it('binary cross-entropy clipped at 1e-7, accuracy at 0.5', async () => {
    const model = tf.sequential({layers: [dense({units: 1, kernelInitializer: 'ones', inputShape: [1]})]});
    const trainer = createTrainer({
      model,
      loss: 'binaryCrossentropy',
      optimizer: tf.train.sgd(0),
      metrics: ['accuracy'],
    });
    const x = matrix(1, [0.9, 0.4, 0]);
    const {loss, acc} = await trainer.evaluate({x, y: matrix(1, [1, 0, 1])});
    expect(loss).toBeAllclose((-Math.log(0.9) - Math.log(0.6) - Math.log(1e-7)) / 3, {rtol: 1e-4});
    expect(acc).toBeAllclose(2 / 3);
    // Labels [n] count as [n, 1] for a model of layers; nothing is broadcast.
    expect(await trainer.evaluate({x, y: tf.tensor1d([1, 0, 1])})).toEqual({loss, acc});
  });

  it('batches of 32, the last one smaller, reshuffled each epoch', async () => {
    const seen: number[][] = [];
    const trainer = watcher((batch) => seen.push(batch));
    await trainer.fit({x: tf.range(0, 1000).reshape([1000, 1]), y: tf.zeros([1000, 1])}, {epochs: 2});
    expect(seen.map(({length}) => length)).toEqual([0, 1].flatMap(() => [...Array<number>(31).fill(32), 8]));
    const [first, second] = [seen.slice(0, 32).flat(), seen.slice(32).flat()];
    expect(first).not.toEqual(second);
    expect(new Set(first).size).toBe(1000);
  });

  it('Adam, rate 1e-3, β 0.9 and 0.999, ε 1e-7', () => {
    // The first step has the size of the rate; after gradients 1 and 3: m̂ = 0.39 / 0.19, v̂ = 0.009999 / 0.001999.
    const second = 1e-3 * (1 + 0.39 / 0.19 / Math.sqrt(0.009999 / 0.001999));
    const adam = () => tf.train.adam(1e-3, 0.9, 0.999, 1e-7);
    expect(walk(adam(), [1, 3])).toBeAllclose([-1e-3, -second], {rtol: 1e-4});
    // Keras has ε in another place: with √v, not √v̂. It shows in gradients near 1e-6.
    const keras = (1e-3 * Math.sqrt(0.001) * 1e-6) / (Math.sqrt(0.001) * 1e-6 + 1e-7);
    expect(walk(adam(), [1e-6])).toBeAllclose([-1e-3 / 1.1], {rtol: 1e-3});
    expect(keras).toBeAllclose(1e-3 / 4.1623, {rtol: 1e-3});
  });

  it('RMSprop, rate 1e-3, ρ 0.9, ε 1e-7 outside of the root', () => {
    const keras = rmsprop({learningRate: 1e-3, decay: 0.9, epsilon: 1e-7});
    expect(walk(keras, [1e-6])).toBeAllclose([(-1e-3 * 1e-6) / (Math.sqrt(1e-13) + 1e-7)], {rtol: 1e-4});
    // tfjs has it inside.
    const plain = (-1e-3 * 1e-6) / Math.sqrt(1e-13 + 1e-7);
    expect(walk(tf.train.rmsprop(1e-3, 0.9, 0, 1e-7), [1e-6])).toBeAllclose([plain], {rtol: 1e-4});
  });

  it('kernels N(0, 1), every layer its own', () => {
    const hidden = () => dense({units: 5, activation: 'sigmoid', inputShape: [5]});
    const model = tf.sequential({layers: [hidden(), hidden()]});
    const stddev = () => reinitialize(model, {'**/kernel': randomNormal({stddev: 1})}, {seed: 42});
    expect(stddev()).toHaveLength(2);
    const [first, , second] = model.getWeights().map(values);
    expect(first).not.toEqual(second);
    expectNormal(randomNormal({stddev: 1}), 1);
    // A seed of tfjs gives both layers the same.
    const {randomNormal: plain} = tf.initializers;
    const [a, b] = [0, 1].map(() => values(plain({stddev: 1, seed: 42}).apply([5, 5])));
    expect(a).toEqual(b);
  });

  /** One weight w, input 1, target 0, mean squared error: the gradient is 2 w. Rate 0.25 halves it in every step. */
  const halving = (captures: Parameters<typeof createTrainer>[0]['captures']) => {
    const model = tf.sequential({
      layers: [dense({units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1], name: 'w'})],
    });
    const optimizer = tf.train.sgd(0.25);
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer, captures: captures ?? []});
    const events = capturesOf(trainer);
    return {
      events,
      fit: (epochs: number) => trainer.fit({x: tf.ones([4, 1]), y: tf.zeros([4, 1])}, {epochs, batchSize: 2}),
    };
  };

  it('weights before training and after each epoch: 100 epochs, 101 snapshots', async () => {
    const {events, fit} = halving([weightSnapshots({when: everyEpoch(), parameters: '**/kernel'})]);
    await fit(100);
    const weights = events.map(({arrays}) => Object.values(arrays)[0]!['values']![0]);
    expect(weights).toHaveLength(101);
    expect(weights.slice(0, 4)).toEqual([1, 1 / 4, 1 / 16, 1 / 64]);
  });

  it('mean and population deviation of weights per layer', async () => {
    const model = tf.sequential({layers: [dense({units: 1, inputShape: [4], name: 'w'})]});
    model.setWeights([matrix(1, [1, 2, 3, 6]), tf.zeros([1])]);
    const captures = [weightStats({when: every(1), parameters: '**/kernel'})];
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0), captures});
    const events = capturesOf(trainer);
    await trainer.fit({x: tf.ones([2, 4]), y: tf.ones([2, 1])});
    const {mean, std} = Object.values(events[0]!.values)[0]!;
    expect(mean).toBe(3);
    expect(std).toBeAllclose(Math.sqrt((4 + 1 + 0 + 9) / 4));
  });

  it('gradients of the first batch of each epoch, and of the last batch of all', async () => {
    const [epochs, stepsPerEpoch] = [3, 2];
    const when = anyOf(everyEpoch(), (step) => step === epochs * stepsPerEpoch - 1);
    const {events, fit} = halving([gradientSnapshots({when, parameters: '**/kernel'})]);
    await fit(epochs);
    const gradients = events.map(({step, arrays}) => [step, Object.values(arrays)[0]!['values']![0]]);
    expect(gradients).toEqual([0, 2, 4, 5].map((step) => [step, 2 / 2 ** step]));
  });

  it('mean and deviation of these gradients', async () => {
    const model = tf.sequential({
      layers: [dense({units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [2], name: 'w'})],
    });
    const captures = [gradientStats({when: everyEpoch(), parameters: '**/kernel'})];
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0), captures});
    const events = capturesOf(trainer);
    await trainer.fit({x: matrix(2, [1, 3]), y: tf.zeros([1, 1])}); // the gradient is 2 · 4 · x
    const {mean, std} = Object.values(events[0]!.values)[0]!;
    expect([mean, std]).toBeAllclose([16, 8]);
  });
});

it('all of these are rows of docs/techniques.md, and the other way round', ({task}) => {
  expectRows('Machine Learning Mastery', task.file.tasks);
});
