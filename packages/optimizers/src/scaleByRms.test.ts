import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByRms} from './scaleByRms.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByRms, options: {}});
testTransform({
  factory: scaleByRms,
  options: {epsilonInSqrt: true, initialScale: 1},
  name: 'scaleByRms of TensorFlow 1',
});
testTransform({factory: scaleByRms, options: {centered: true}, name: 'centered scaleByRms'});

const epsilon = 1e-12;

describe('scaleByRms', () => {
  it('divides by the root of the mean of squares', () => {
    // v = 0.25 · 4 = 1, then 0.75 · 1 + 0.25 · 1.
    expect(driveOne(scaleByRms({decay: 0.75, epsilon}), [[2], [1]])).toBeAllclose([[2], [1]]);
  });

  it('adds epsilon to the root', () => {
    expect(driveOne(scaleByRms({decay: 0.75, epsilon: 3}), [[2]])).toBeAllclose([[0.5]]);
  });

  it('adds epsilon in the root with epsilonInSqrt', () => {
    expect(driveOne(scaleByRms({decay: 0.75, epsilon: 3, epsilonInSqrt: true}), [[2]])).toBeAllclose([[1]]);
  });

  it('begins with initialScale', () => {
    expect(driveOne(scaleByRms({decay: 0.75, epsilon, initialScale: 4}), [[2]])).toBeAllclose([[1]]);
  });

  it('divides by the root of the variance where centered', () => {
    // m = 1, v = 2; then m = 2, v = 5.5: the variances are 1 and 1.5.
    const changed = driveOne(scaleByRms({decay: 0.5, epsilon, centered: true}), [[2], [3]]);
    expect(changed).toBeAllclose([[2], [3 / Math.sqrt(1.5)]]);
  });

  it('stays finite where a gradient stays the same, which the centered optimizer of tfjs does not', () => {
    const same = Array.from({length: 400}, () => [1e-4]);
    const ours = driveOne(scaleByRms({decay: 0.9, epsilon: 1e-7, centered: true}), same);
    expect(ours.flat().every((value) => Number.isFinite(value))).toBe(true);
    const w = tf.variable(tf.scalar(1), true, 'centeredOfTfjs');
    const theirs = tf.train.rmsprop(0.01, 0.9, 0, 1e-7, true);
    for (const [value] of same) tf.tidy(() => theirs.applyGradients({[w.name]: tf.scalar(value!)}));
    expect(w.dataSync()[0]).toBeNaN();
    tf.dispose([w]);
    theirs.dispose();
  });

  it.each([
    [{}, 7],
    [{centered: true}, 10],
  ])('takes few kernels a matrix: %o', async (options, kernels) => {
    expect(await kernelsFor(scaleByRms(options), 5)).toBe(5 * kernels);
  });

  it.each<[unknown, string]>([
    [{decay: 1}, 'decay must be < 1, got 1.'],
    [{epsilon: 0}, 'epsilon must be > 0, got 0.'],
    [{initialScale: -1}, 'initialScale must be >= 0, got -1.'],
    [{centered: 1}, 'centered must be true or false, got the number 1.'],
    [{epsilonInSqrt: 1}, 'epsilonInSqrt must be true or false, got the number 1.'],
    [
      {alpha: 1},
      "there is no option 'alpha'. Options: decay, epsilon, epsilonInSqrt, initialScale, centered.",
    ],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByRms(options as Parameters<typeof scaleByRms>[0])).toThrow(`scaleByRms: ${message}`);
  });
});
