import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {applyNoise} from '../fixtures/applyNoise.js';
import {correlationScore, kolmogorovSmirnov, moments} from '../fixtures/statistics.js';
import {gradientNoise} from './gradientNoise.js';
import {uniformNoise, type UniformNoiseOptions} from './uniformNoise.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const SIZE = 100_000;

testTransform({factory: uniformNoise, options: {limit: 0.1}});
testTransform({
  factory: uniformNoise,
  options: {limit: 1, gamma: 0.5, unit: 'epoch', seed: 0},
  name: 'uniformNoise with all options',
});

function noise(options: UniformNoiseOptions, context = {}): Float32Array {
  return applyNoise(uniformNoise(options), {w: tf.zeros([SIZE])}, context).w!.dataSync<'float32'>();
}

describe('uniformNoise', () => {
  it('adds to the gradient', () => {
    const {w} = applyNoise(uniformNoise({limit: 0.5}), {w: tf.range(0, SIZE)});
    expect(tf.sub(w!, tf.range(0, SIZE))).toBeAllclose(tf.tensor1d(noise({limit: 0.5})), {atol: 0.01});
  });

  it('stays within its limit', () => {
    const largest = noise({limit: 0.25}).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(largest).toBeLessThanOrEqual(0.25);
    expect(largest).toBeGreaterThan(0.2499);
  });

  it('has the deviation limit / √3 around 0', () => {
    const [mean, variance] = moments(noise({limit: 3}));
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(3 / SIZE));
    expect(variance).toBeAllclose(3, {rtol: 4 * Math.sqrt(0.8 / SIZE)});
  });

  it('is uniform by the test of Kolmogorov and Smirnov', () => {
    expect(kolmogorovSmirnov(noise({limit: 1}), (x) => (x + 1) / 2)).toBeLessThan(1.63);
  });

  it.each([
    [{step: 3}, {gamma: 0.5}, 0.5],
    [{step: 3, epoch: 8}, {gamma: 1, unit: 'epoch' as const}, 1 / 9],
  ])('falls with time: at %o with %o its limit is %d', (context, options, factor) => {
    const falling = noise({limit: 1, ...options}, context);
    expect(falling).toBeAllclose(noise({limit: factor}, context), {atol: 1e-7});
  });

  it('is not made of the same numbers as gradientNoise', () => {
    const {w} = applyNoise(gradientNoise({eta: 1}), {w: tf.zeros([SIZE])});
    const score = correlationScore(noise({limit: 1}).map(Math.abs), w!.dataSync<'float32'>().map(Math.abs));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it('makes nothing that is not freed', async () => {
    await expectNoLeaks(() => tf.tidy(() => void noise({limit: 1})));
  });

  it.each<[object, string]>([
    [{limit: -1}, 'limit must be >= 0, got -1.'],
    [{}, 'limit must be a number >= 0, got undefined.'],
    [{limit: 1, gamma: -1}, 'gamma must be >= 0, got -1.'],
    [{limit: 1, seed: -1}, 'seed must be a whole number >= 0, got -1.'],
  ])('rejects %o by name', (options, message) => {
    expect(() => uniformNoise(options as UniformNoiseOptions)).toThrow(
      new RangeError(`uniformNoise: ${message}`),
    );
  });
});
