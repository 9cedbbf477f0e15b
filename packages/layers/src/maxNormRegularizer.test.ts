import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectRightGradient} from '../fixtures/checkGradients.js';
import {useCpu} from '../fixtures/useCpu.js';
import {wave} from '../fixtures/wave.js';
import {maxNormRegularizer, type MaxNormRegularizerOptions} from './index.js';

useCpu();

describe('maxNormRegularizer', () => {
  it('asks for the excess of each column, squared', () => {
    const kernel = tf.tensor2d([[3, 0.6, 0], [4, 0.8, 2]]); // prettier-ignore
    // Norms 5, 1, 2: (5 − 1.5)² + (2 − 1.5)² = 12.5
    expect(maxNormRegularizer({maxNorm: 1.5, strength: 0.1}).apply(kernel)).toBeAllclose(1.25);
  });

  it('takes each filter of a convolution as a whole', () => {
    const kernel = tf.ones([2, 2, 4, 3]); // norms 4
    expect(maxNormRegularizer({maxNorm: 3, strength: 1}).apply(kernel)).toBeAllclose(3);
  });

  it('takes each entry of a vector by itself', () => {
    expect(maxNormRegularizer({maxNorm: 1, strength: 1}).apply(tf.tensor1d([3, -4]))).toBeAllclose(13);
  });

  it.each([
    [1, 4 + 9],
    [[1], 4 + 9],
    [[0, 1], (Math.sqrt(25) - 1) ** 2],
  ])('takes norms along axis %j', (axis, penalty) => {
    const rows = tf.tensor2d([[3, 0], [0, 4]]); // prettier-ignore
    expect(maxNormRegularizer({maxNorm: 1, strength: 1, axis}).apply(rows)).toBeAllclose(penalty);
  });

  it('has the gradient that differences show', () => {
    const regularizer = maxNormRegularizer({maxNorm: 1, strength: 1});
    expectRightGradient((w) => regularizer.apply(w), tf.mul(wave([3, 4]), 2));
  });

  it('has no gradient within the norm, at zero neither', () => {
    const regularizer = maxNormRegularizer({maxNorm: 1, strength: 1});
    expect(tf.grad((w) => regularizer.apply(w))(tf.tensor2d([[0, 0.3], [0, 0.4]]))).toBeAllclose(0, {atol: 0}); // prettier-ignore
  });

  it('adds its penalty to the loss of a model', () => {
    const kernelRegularizer = maxNormRegularizer({maxNorm: 1, strength: 0.5});
    const kernelInitializer = tf.initializers.constant({value: 2});
    const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [4], kernelRegularizer, kernelInitializer})]}); // prettier-ignore
    model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
    expect(model.calculateLosses()[0]).toBeAllclose(0.5 * 3 * 3 ** 2); // norms 4
  });

  it('brings norms down to maxNorm in training', () => {
    const kernelRegularizer = maxNormRegularizer({maxNorm: 1, strength: 1});
    const model = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [2], useBias: false, kernelRegularizer})]}); // prettier-ignore
    const kernel = model.trainableWeights[0]!.read() as tf.Variable;
    kernel.assign(tf.tensor2d([[3, 0], [4, 0.5]])); // prettier-ignore
    model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
    const optimizer = tf.train.sgd(0.2);
    for (let step = 0; step < 50; step++) optimizer.minimize(() => model.calculateLosses()[0]!);
    expect(kernel).toBeAllclose([[0.6, 0], [0.8, 0.5]], {rtol: 1e-3}); // prettier-ignore
  });

  it('leaks nothing', async () => {
    const [regularizer, w] = [maxNormRegularizer({maxNorm: 1}), wave([3, 4])];
    await expectNoLeaks(() => regularizer.apply(w).dispose());
  });

  it.each([
    [{maxNorm: 0}, 'maxNorm must be > 0, got 0.'],
    [{maxNorm: 1, strength: -1}, 'strength must be >= 0, got -1.'],
    [{maxNorm: 1, axis: 0.5}, 'axis must be a whole number or a list of them, got 0.5.'],
    [{maxNorm: 1, maxValue: 2}, "there is no option 'maxValue'. Options: maxNorm, strength, axis."],
  ])('rejects %j by name', (options, message) => {
    expect(() => maxNormRegularizer(options as MaxNormRegularizerOptions)).toThrow(
      `maxNormRegularizer: ${message}`,
    );
  });
});
