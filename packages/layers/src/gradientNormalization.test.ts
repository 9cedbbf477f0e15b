import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {gradientNormalization, type GradientNormalizationOptions} from './index.js';

useCpu();

function backwards(dy: tf.Tensor, options?: GradientNormalizationOptions): tf.Tensor {
  const layer = gradientNormalization(options);
  return tf.grad((x) => run(layer, x))(tf.zerosLike(dy), dy);
}

describe('gradientNormalization', () => {
  it('changes nothing on the way forward', () => {
    const x = wave([4, 3]);
    expect(run(gradientNormalization(), x)).toBeAllclose(x, {rtol: 0, atol: 0});
  });

  it('brings the gradient to mean 0 and unbiased deviation 1', () => {
    const dy = tf.tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(backwards(dy)).toBeAllclose([[-1.33631, -0.801784, -0.267261], [0.267261, 0.801784, 1.33631]]); // prettier-ignore
  });

  it.each([1e-20, 1e20])('comes to unit deviation from %d without epsilon', (size) => {
    expect(backwards(tf.tensor1d([size, -size]), {epsilon: 0})).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('comes to unit deviation from 1e20 with epsilon', () => {
    expect(backwards(tf.tensor1d([1e20, -1e20]))).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('only scales gradients far below epsilon', () => {
    expect(backwards(tf.tensor1d([1e-20, -1e-20]))).toBeAllclose([1e-14, -1e-14], {atol: 0});
  });

  it.each([0, 1e-6])('makes a constant gradient zeros with epsilon %d', (epsilon) => {
    expect(backwards(tf.fill([5], 0.1), {epsilon})).toBeAllclose(0, {atol: 0});
  });

  it('passes a gradient of one element unchanged', () => {
    expect(backwards(tf.tensor2d([[3]]))).toBeAllclose([[3]], {rtol: 0});
  });

  it('gives layers below gradients of the same size, however small the loss', () => {
    const dense = tf.layers.dense({units: 4, inputShape: [3]});
    const model = tf.sequential({layers: [dense, gradientNormalization(), tf.layers.dense({units: 1})]});
    const kernel = dense.trainableWeights[0]!.read() as tf.Variable;
    const gradientOf = (scale: number): tf.Tensor =>
      tf.variableGrads(
        () => tf.mul(scale, tf.sum(model.apply(wave([5, 3])) as tf.Tensor)) as tf.Scalar,
        [kernel],
      ).grads[kernel.name]!;
    expect(gradientOf(1e-3)).toBeAllclose(gradientOf(1), {rtol: 0.01});
  });

  it('leaks nothing', async () => {
    const [layer, x] = [gradientNormalization(), wave([3, 4])];
    await expectNoLeaks(() => tf.tidy(() => void tf.grad((input) => run(layer, input))(x)));
  });
});
