import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByRadam} from './scaleByRadam.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByRadam, options: {}});
testTransform({factory: scaleByRadam, options: {beta2: 0.7}, name: 'scaleByRadam, soon rectified'});

describe('scaleByRadam', () => {
  it('is the mean of gradients in the first 5 steps', () => {
    const changed = driveOne(scaleByRadam({beta1: 0.5}), [[4], [1], [1], [1], [1]]);
    // Means without bias: 4, (4 + 2 · 1) / 3, (4 + 2 + 4) / 7, (10 + 8) / 15, (18 + 16) / 31.
    expect(changed).toBeAllclose([[4], [2], [10 / 7], [18 / 15], [34 / 31]]);
  });

  it('is Adam, shortened by r, from the sixth on', () => {
    const changed = driveOne(
      scaleByRadam({beta2: 0.9, epsilon: 1e-12}),
      Array.from({length: 6}, () => [2]),
    );
    const rho = 19 - (12 * 0.9 ** 6) / (1 - 0.9 ** 6);
    const r = Math.sqrt(((rho - 4) * (rho - 2) * 19) / (15 * 17 * rho));
    expect(changed).toBeAllclose([[2], [2], [2], [2], [2], [r]]);
  });

  it('never divides where beta2 is small', () => {
    expect(
      driveOne(
        scaleByRadam({beta2: 0.5}),
        Array.from({length: 50}, () => [2]),
      ).at(-1),
    ).toBeAllclose([2]);
  });

  it('takes 9 kernels a matrix', async () => {
    expect(await kernelsFor(scaleByRadam(), 5)).toBe(45);
  });

  it.each<[unknown, string]>([
    [{beta1: 1}, 'beta1 must be < 1, got 1.'],
    [{beta2: -1}, 'beta2 must be >= 0, got -1.'],
    [{epsilon: -1}, 'epsilon must be > 0, got -1.'],
    [{amsgrad: true}, "there is no option 'amsgrad'. Options: beta1, beta2, epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByRadam(options as Parameters<typeof scaleByRadam>[0])).toThrow(
      `scaleByRadam: ${message}`,
    );
  });
});
