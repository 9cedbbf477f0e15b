import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByTrustRatio} from './scaleByTrustRatio.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByTrustRatio, options: {}});

describe('scaleByTrustRatio', () => {
  it('brings a gradient to the norm of its weights', () => {
    expect(driveOne(scaleByTrustRatio(), [[3, -4]], [6, 8])).toBeAllclose([[6, -8]]);
  });

  it('goes by the weights of each parameter', () => {
    const changed = drive(scaleByTrustRatio(), [{b: [2], a: [-2]}], {a: [5], b: [7], c: [9]});
    expect([changed[0]!['a'], changed[0]!['b']]).toBeAllclose([[-5], [7]]);
  });

  it('passes gradients of weights that are zero', () => {
    expect(driveOne(scaleByTrustRatio(), [[3, 4]], [0, 0])).toEqual([[3, 4]]);
  });

  it('leaves a zero gradient zero', () => {
    expect(driveOne(scaleByTrustRatio(), [[0, 0]], [3, 4])).toEqual([[0, 0]]);
  });

  it('takes as many kernels for 5 matrices as for 2', async () => {
    expect([await kernelsFor(scaleByTrustRatio(), 2), await kernelsFor(scaleByTrustRatio(), 5)]).toEqual([
      12, 12,
    ]);
  });

  it('has no options', () => {
    const options = {epsilon: 1} as unknown as Record<string, never>;
    expect(() => scaleByTrustRatio(options)).toThrow(
      new TypeError("scaleByTrustRatio: there is no option 'epsilon'. It has none."),
    );
  });
});
