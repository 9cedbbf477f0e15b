import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByLion} from './scaleByLion.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByLion, options: {}});

describe('scaleByLion', () => {
  it('begins with the signs', () => {
    expect(driveOne(scaleByLion(), [[3, -4e-9, 0]])).toEqual([[1, -1, 0]]);
  });

  it('takes the sign of mean and gradient in their shares', () => {
    // The mean after the first step is 0.01; 0.9 · 0.01 outweighs 0.1 · 0.08, and not 0.1 · 0.1.
    expect(
      driveOne(scaleByLion(), [
        [1, 1],
        [-0.08, -0.1],
      ])[1],
    ).toEqual([1, -1]);
  });

  it('keeps more of the mean with a larger beta2', () => {
    const signs = (beta2: number): number[] => driveOne(scaleByLion({beta1: 0.5, beta2}), [[1], [-0.3]])[1]!;
    expect([signs(0.5), signs(0.9)]).toEqual([[1], [-1]]);
  });

  it('takes 8 kernels a matrix where signs have no joint kernel', async () => {
    expect(await kernelsFor(scaleByLion(), 5)).toBe(40);
  });

  it.each<[unknown, string]>([
    [{beta1: 1}, 'beta1 must be < 1, got 1.'],
    [{beta2: -1}, 'beta2 must be >= 0, got -1.'],
    [{epsilon: 1}, "there is no option 'epsilon'. Options: beta1, beta2."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByLion(options as Parameters<typeof scaleByLion>[0])).toThrow(
      `scaleByLion: ${message}`,
    );
  });
});
