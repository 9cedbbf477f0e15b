import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectRightGradient} from '../fixtures/checkGradients.js';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {standardize} from './index.js';

useCpu();

describe('standardize', () => {
  it('takes mean and unbiased deviation over the whole tensor', () => {
    const y = run(standardize(), tf.tensor2d([[1, 2, 3], [4, 5, 6]])); // prettier-ignore
    // Mean 3.5, deviation 1.8708.
    expect(y).toBeAllclose([[-1.33631, -0.801784, -0.267261], [0.267261, 0.801784, 1.33631]]); // prettier-ignore
  });

  it('does the same in training', () => {
    const x = wave([4, 3]);
    expect(run(standardize(), x, true)).toBeAllclose(run(standardize(), x), {rtol: 0});
  });

  it('has the gradient that differences show', () => {
    expectRightGradient((x) => run(standardize(), x), wave([3, 2, 2]));
  });

  it.each([1e-20, 1e20])('is right for entries of %d', (size) => {
    const x = tf.tensor1d([size, -size]);
    expect(run(standardize(), x)).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it.each([[[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]], [[0, 0]], [[7]]])(
    'makes the constant %j zeros',
    (values) => {
      expect(run(standardize(), tf.tensor1d(values))).toBeAllclose(0, {atol: 0});
    },
  );

  it.each([[[0.1, 0.1, 0.1]], [[7]]])('gives the constant %j no gradient', (values) => {
    const gradient = tf.grad((x) => run(standardize(), x))(tf.tensor1d(values), wave([values.length]));
    expect(gradient).toBeAllclose(0, {atol: 0});
  });

  it('leaks nothing', async () => {
    const [layer, x] = [standardize(), wave([3, 4])];
    await expectNoLeaks(() => tf.tidy(() => void tf.grad((input) => run(layer, input))(x)));
  });
});
