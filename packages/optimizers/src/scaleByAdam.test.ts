import {scheduled} from '@gradwire/core';
import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contextOf, drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByAdam} from './scaleByAdam.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByAdam, options: {}});
testTransform({factory: scaleByAdam, options: {amsgrad: true}, name: 'AMSGrad'});

const plain = {beta1: 0, beta2: 0.5, epsilon: 1e-12};

describe('scaleByAdam', () => {
  it('begins with the signs', () => {
    expect(driveOne(scaleByAdam(), [[3, -4e-3, 500]])).toBeAllclose([[1, -1, 1]]);
  });

  it('divides the mean by the root of the mean of squares, both without bias', () => {
    // m = 0.5 · 1.5 - 0.5 = 0.25 of weight 0.75; v = 0.75 · 2.25 + 0.25 = 1.9375 of weight 0.4375.
    const [, second] = driveOne(scaleByAdam({beta1: 0.5, beta2: 0.75, epsilon: 1e-12}), [[3], [-1]]);
    expect(second).toBeAllclose([0.25 / 0.75 / Math.sqrt(1.9375 / 0.4375)]);
  });

  it('adds epsilon to the root', () => {
    expect(driveOne(scaleByAdam({epsilon: 1}), [[3]])).toBeAllclose([[0.75]]);
  });

  it('divides by the last mean of squares', () => {
    expect(driveOne(scaleByAdam(plain), [[4], [1]])[1]).toBeAllclose([1 / Math.sqrt(4.5 / 0.75)]);
  });

  it('divides by the largest with amsgrad', () => {
    expect(driveOne(scaleByAdam({...plain, amsgrad: true}), [[4], [1]])[1]).toBeAllclose([
      1 / Math.sqrt(8 / 0.75),
    ]);
  });

  it('counts the steps of each parameter by itself', () => {
    const [first, , third] = drive(scaleByAdam(), [{a: [3], b: [3]}, {a: [-1]}, {a: [2], b: [-1]}]);
    const [alone, after] = drive(scaleByAdam(), [{b: [3]}, {b: [-1]}]);
    expect([first!['b'], third!['b']]).toEqual([alone!['b'], after!['b']]);
  });

  it('has no bias where betas follow a schedule', () => {
    let calls = 0;
    const beta1 = (): number => [0.9, 0.5, 0.99, 0][calls++ % 4]!;
    const changed = driveOne(scheduled('beta1', beta1, scaleByAdam), [[2], [2], [2], [2]]);
    expect(changed.flat()).toBeAllclose(1);
  });

  it.each([
    [{}, 9],
    [{amsgrad: true}, 10],
  ])('takes few kernels a matrix: %o', async (options, kernels) => {
    expect(await kernelsFor(scaleByAdam(options), 5)).toBe(5 * kernels);
  });

  it('does the same to large parameters', () => {
    const large = Array.from({length: 5000}, (_, i) => Math.sin(i));
    const few = large.slice(0, 5);
    const second = (grad: readonly number[]): number[] =>
      driveOne(scaleByAdam(), [grad, grad.map((value) => value / 2)])[1]!;
    expect(second(large).slice(0, 5)).toEqual(second(few));
  });

  it('leaves nothing of large parameters but result and state', () => {
    const transform = scaleByAdam();
    const grads = {w: tf.ones([5000])};
    const state = transform.init(grads);
    const before = tf.memory().numTensors;
    transform.update(grads, state, contextOf(grads));
    expect(tf.memory().numTensors - before).toBe(3);
  });

  it.each<[unknown, string]>([
    [{beta1: 1}, 'beta1 must be < 1, got 1.'],
    [{beta2: Number.NaN}, 'beta2 must be >= 0, got NaN.'],
    [{epsilon: 0}, 'epsilon must be > 0, got 0.'],
    [{amsgrad: 1}, 'amsgrad must be true or false, got the number 1.'],
    [{lr: 1}, "there is no option 'lr'. Options: beta1, beta2, epsilon, amsgrad."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByAdam(options as Parameters<typeof scaleByAdam>[0])).toThrow(
      `scaleByAdam: ${message}`,
    );
  });
});
