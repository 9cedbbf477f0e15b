import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import training from '../fixtures/training.json' with {type: 'json'};
import {useCpu} from '../fixtures/useCpu.js';
import {run} from '../fixtures/wave.js';
import {randomizedLeakyReLU} from './index.js';

useCpu();

const slopes = (options = {}): Float32Array =>
  run(randomizedLeakyReLU(options), tf.fill([50_000], -1), true)
    .dataSync<'float32'>()
    .map((y) => -y);

describe('randomizedLeakyReLU in training', () => {
  it('leaves positive entries alone', () => {
    expect(run(randomizedLeakyReLU(), tf.tensor1d([0, 0.5, 7]), true)).toBeAllclose([0, 0.5, 7], {rtol: 0});
  });

  it('draws slopes evenly between the bounds', () => {
    const sorted = slopes({lower: 0.2, upper: 0.6}).sort();
    const quantiles = [0, 0.25, 0.5, 0.75, 1].map(
      (share) => sorted[Math.round(share * (sorted.length - 1))]!,
    );
    expect(quantiles).toBeAllclose([0.2, 0.3, 0.4, 0.5, 0.6], {rtol: 0, atol: 0.01});
    expect([sorted[0]! >= Math.fround(0.2), sorted.at(-1)! <= Math.fround(0.6)]).toEqual([true, true]);
  });

  it('draws them as PyTorch does', () => {
    const {mean, variance} = tf.moments(tf.tensor1d(slopes()));
    expect(mean).toBeAllclose(training.mean, {rtol: 0.01});
    expect(tf.sqrt(variance)).toBeAllclose(training.deviation, {rtol: 0.02});
  });

  it('draws anew each time', () => {
    expect(slopes()).not.toEqual(slopes());
  });

  it('has the slope for its gradient', () => {
    const layer = randomizedLeakyReLU();
    const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => run(layer, x, true))(tf.fill([100], -2));
    expect(grad).toBeAllclose(tf.div(value, -2), {rtol: 1e-6});
  });
});

it('randomizedLeakyReLU takes the mean slope in prediction, 11/48 by default', () => {
  expect(run(randomizedLeakyReLU(), tf.tensor1d([-48, 48]))).toBeAllclose([-11, 48], {rtol: 1e-6});
});
