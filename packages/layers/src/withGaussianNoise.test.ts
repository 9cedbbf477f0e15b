import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {withGaussianNoise, type WithGaussianNoiseOptions} from './index.js';

useCpu();

describe('withGaussianNoise', () => {
  it('adds noise of mean 0 and the deviation asked for', () => {
    const noise = withGaussianNoise(tf.fill([20_000], 3), {stddev: 0.05});
    const {mean, variance} = tf.moments(noise);
    expect(mean).toBeAllclose(3, {rtol: 1e-3});
    expect(tf.sqrt(variance)).toBeAllclose(0.05, {rtol: 0.02});
  });

  it('does not clip', () => {
    const noisy = withGaussianNoise(tf.zeros([1000]), {stddev: 1});
    expect(tf.min(noisy).dataSync()[0]).toBeLessThan(-2);
  });

  it.each([0, 42])('gives the same with the same seed %d', (seed) => {
    const [first, second] = [1, 2].map(() => withGaussianNoise(tf.zeros([9]), {stddev: 1, seed}));
    expect(first).toBeAllclose(second, {rtol: 0});
  });

  it('gives something else with another seed', () => {
    const [first, second] = [0, 1].map((seed) => withGaussianNoise(tf.zeros([9]), {stddev: 1, seed}));
    expect(first).not.toBeAllclose(second, {atol: 0.1});
  });

  it('leaves the data as they are with stddev 0', () => {
    expect(withGaussianNoise(tf.tensor1d([1, 2]), {stddev: 0})).toBeAllclose([1, 2], {rtol: 0});
  });

  it('makes one tensor, and leaves the data alone', async () => {
    const data = tf.ones([2, 3]);
    await expectNoLeaks(() => withGaussianNoise(data, {stddev: 1}).dispose());
    expect(data).toBeAllclose(1, {rtol: 0});
  });

  it.each([
    [{stddev: -1}, 'stddev must be >= 0, got -1.'],
    [{stddev: 1, seed: 0.5}, 'seed must be a whole number >= 0, got 0.5.'],
    [{std: 1}, "there is no option 'std'. Options: stddev, seed."],
    [
      undefined,
      'options must be an object, e.g. withGaussianNoise(data, {stddev: 0.05, seed: 42}), got undefined.',
    ],
  ])('rejects %j by name', (options, message) => {
    expect(() => withGaussianNoise(tf.ones([1]), options as unknown as WithGaussianNoiseOptions)).toThrow(
      `withGaussianNoise: ${message}`,
    );
  });

  it('rejects data that are no tensor', () => {
    expect(() => withGaussianNoise([1, 2] as unknown as tf.Tensor, {stddev: 1})).toThrow(
      'withGaussianNoise: data must be a tensor of float32, got a list of 2.',
    );
  });
});
