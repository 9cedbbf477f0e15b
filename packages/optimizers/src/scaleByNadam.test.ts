import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByNadam} from './scaleByNadam.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByNadam, options: {}});

describe('scaleByNadam', () => {
  it('adds to the gradient its share of the next mean', () => {
    // The momentum is 0.5 · (1 - 1/2) in every step: u = (2 + 1 · 0.25 / (1 - 0.25²)) / 2.
    const changed = driveOne(scaleByNadam({beta1: 0.5, momentumDecay: 0, epsilon: 1e-12}), [[2]]);
    expect(changed).toBeAllclose([[(2 + 0.25 / 0.9375) / 2]]);
  });

  it('brings the momentum up to beta1', () => {
    // After a step it is 0.5 · (1 - 0.96^1e6 / 2) = 0.5: u = (2 · 0.5 / 0.5 + 1 · 0.5 / 0.75) / 2.
    const changed = driveOne(scaleByNadam({beta1: 0.5, momentumDecay: 1e6, epsilon: 1e-12}), [[2]]);
    expect(changed).toBeAllclose([[(2 + 0.5 / 0.75) / 2]]);
  });

  it('adds epsilon to the root', () => {
    expect(driveOne(scaleByNadam({beta1: 0, epsilon: 1}), [[3]])).toBeAllclose([[0.75]]);
  });

  it('takes 11 kernels a matrix', async () => {
    expect(await kernelsFor(scaleByNadam(), 5)).toBe(55);
  });

  it.each<[unknown, string]>([
    [{beta1: -1}, 'beta1 must be >= 0, got -1.'],
    [{beta2: 1}, 'beta2 must be < 1, got 1.'],
    [{epsilon: 0}, 'epsilon must be > 0, got 0.'],
    [{momentumDecay: -1}, 'momentumDecay must be >= 0, got -1.'],
    [{momentum: 1}, "there is no option 'momentum'. Options: beta1, beta2, epsilon, momentumDecay."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByNadam(options as Parameters<typeof scaleByNadam>[0])).toThrow(
      `scaleByNadam: ${message}`,
    );
  });
});
