import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectRightGradient} from '../fixtures/checkGradients.js';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {gelu, hardSwish, mish, randomizedLeakyReLU, softplus, squareplus, swish} from './index.js';

useCpu();

const all: readonly (readonly [string, () => tf.layers.Layer])[] = [
  ['gelu', () => gelu()],
  ['the approximate gelu', () => gelu({approximate: true})],
  ['hardSwish', () => hardSwish()],
  ['mish', () => mish()],
  ['randomizedLeakyReLU', () => randomizedLeakyReLU()],
  ['softplus', () => softplus({beta: 3})],
  ['squareplus', () => squareplus()],
  ['swish', () => swish({beta: 2})],
  ['swish with a beta to learn', () => swish({trainableBeta: true})],
];

describe.each(all)('%s', (_name, make) => {
  it('has the gradient that differences show', () => {
    const layer = make();
    expectRightGradient((x) => run(layer, x), tf.add(tf.mul(wave([3, 4]), 2.5), 0.05));
  });

  it('keeps the shape and any mask', () => {
    const layer = make();
    expect([layer.computeOutputShape([null, 3, 2]), layer.supportsMasking]).toEqual([[null, 3, 2], true]);
  });

  it('is finite with its gradient at ±1e13', () => {
    const layer = make();
    const x = tf.tensor1d([-1e13, 1e13]);
    const {value, grad} = tf.valueAndGrad((input: tf.Tensor) => run(layer, input))(x);
    expect(value.dataSync()[1]).toBeCloseTo(1e13, -7);
    expect([...grad.dataSync()].map(Number.isFinite)).toEqual([true, true]);
  });

  it('leaks nothing', async () => {
    const [layer, x] = [make(), wave([3, 4])];
    run(layer, x).dispose();
    await expectNoLeaks(() => tf.tidy(() => void tf.grad((input) => run(layer, input, true))(x)));
  });
});

describe('swish', () => {
  it('learns its beta: the gradient is x² σ(βx) (1 − σ(βx))', () => {
    const layer = swish({beta: 2, trainableBeta: true});
    const x = tf.tensor1d([1]);
    run(layer, x);
    const [beta] = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const {grads} = tf.variableGrads(() => tf.sum(run(layer, x)) as tf.Scalar, [beta!]);
    expect(beta!.dataSync()[0]).toBe(2);
    expect(grads[beta!.name]).toBeAllclose(0.1049936); // 0.880797 · 0.119203
  });

  it('has nothing to learn by itself', () => {
    const layer = swish();
    run(layer, wave([2]));
    expect(layer.weights).toEqual([]);
  });
});

describe('gelu', () => {
  it.each([
    [false, 'gelu'],
    [true, 'gelu_new'],
  ] as const)('is that of tfjs, approximate %s', (approximate, activation) => {
    const x = tf.mul(wave([20]), 4);
    const theirs = tf.layers.activation({activation}).apply(x) as tf.Tensor;
    expect(run(gelu({approximate}), x)).toBeAllclose(theirs, {rtol: 1e-5, atol: 1e-6});
  });
});

describe('squareplus', () => {
  it('loses no digits far below zero', () => {
    expect(run(squareplus(), tf.tensor1d([-1e4, -1e8]))).toBeAllclose([1e-4, 1e-8], {atol: 0});
  });
});

describe('softplus', () => {
  it('is the identity from the threshold on', () => {
    expect(run(softplus({beta: 2, threshold: 1}), tf.tensor1d([0.625]))).toBeAllclose([0.625], {rtol: 0});
  });
});
