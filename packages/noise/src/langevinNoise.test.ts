import {transformGradients} from '@gradwire/core';
import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {applyNoise} from '../fixtures/applyNoise.js';
import {moments} from '../fixtures/statistics.js';
import {langevinNoise, type LangevinNoiseOptions} from './langevinNoise.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const SIZE = 100_000;

testTransform({factory: langevinNoise, options: {temperature: 0.01}});
testTransform({
  factory: langevinNoise,
  options: {temperature: 1, seed: 0},
  name: 'langevinNoise with all options',
});

function variance(temperature: number, learningRate: number): number {
  const {w} = applyNoise(langevinNoise({temperature}), {w: tf.zeros([SIZE])}, {learningRate});
  return moments(w!.dataSync<'float32'>())[1];
}

describe('langevinNoise', () => {
  it.each([
    [1, 0.1],
    [1e-4, 0.01],
    [0.5, 2],
  ])('has the variance 2 · temperature / rate, for temperature %d and rate %d', (temperature, rate) => {
    expect(variance(temperature, rate)).toBeAllclose((2 * temperature) / rate, {
      rtol: 4 * Math.sqrt(2 / SIZE),
    });
  });

  it('moves weights with the variance 2 · temperature · rate', () => {
    const w = tf.variable(tf.zeros([SIZE]), true, 'langevinWeights');
    const optimizer = transformGradients(tf.train.sgd(0.01), langevinNoise({temperature: 0.5}));
    optimizer.applyGradients({[w.name]: tf.zeros([SIZE])});
    expect(moments(w.dataSync<'float32'>())[1]).toBeAllclose(0.01, {rtol: 4 * Math.sqrt(2 / SIZE)});
    w.dispose();
  });

  it('samples exp(−loss / temperature) where the loss is a parabola', () => {
    // Of 20 000 chains in 300 steps of rate 0.05: the variance of the discretized process is temperature / (1 − rate / 2).
    const w = tf.variable(tf.zeros([20_000]), true, 'langevinChains');
    const optimizer = transformGradients(tf.train.sgd(0.05), langevinNoise({temperature: 0.2}));
    for (let step = 0; step < 300; step++) tf.tidy(() => optimizer.applyGradients({[w.name]: tf.clone(w)}));
    expect(moments(w.dataSync<'float32'>())[1]).toBeAllclose(0.2 / 0.975, {rtol: 4 * Math.sqrt(2 / 20_000)});
    w.dispose();
  });

  it('follows the rate that is set', () => {
    const w = tf.variable(tf.zeros([SIZE]), true, 'langevinRates');
    const optimizer = transformGradients(tf.train.sgd(1), langevinNoise({temperature: 0.5}));
    optimizer.learningRate = 0.04;
    optimizer.applyGradients({[w.name]: tf.zeros([SIZE])});
    expect(moments(w.dataSync<'float32'>())[1]).toBeAllclose(0.04, {rtol: 4 * Math.sqrt(2 / SIZE)});
    w.dispose();
  });

  it('leaves gradients alone where the rate is 0', () => {
    const grads = {w: tf.ones([2])};
    expect(applyNoise(langevinNoise({temperature: 1}), grads, {learningRate: 0})).toBe(grads);
  });

  it('says so where there is no rate', () => {
    expect(() => applyNoise(langevinNoise({temperature: 1}), {w: tf.ones([2])})).toThrow(
      new Error('langevinNoise: the optimizer has no learning rate to scale with.'),
    );
  });

  it('makes nothing that is not freed', async () => {
    await expectNoLeaks(() => tf.tidy(() => void variance(1, 1)));
  });

  it.each<[object, string]>([
    [{temperature: -1}, 'temperature must be >= 0, got -1.'],
    [{}, 'temperature must be a number >= 0, got undefined.'],
    [{temperature: 1, seed: 1.5}, 'seed must be a whole number >= 0, got 1.5.'],
  ])('rejects %o by name', (options, message) => {
    expect(() => langevinNoise(options as LangevinNoiseOptions)).toThrow(
      new RangeError(`langevinNoise: ${message}`),
    );
  });
});
