import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

describe('localResponseNormalization on the wasm backend', () => {
  it('has the values and gradients of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 9}),
        fc.integer({min: 0, max: 5}),
        ...((
          [
            [0.5, 2],
            [0.1, 2],
            [0.2, 1.5],
          ] as const
        ).map(([min, max]) => fc.float({min: Math.fround(min), max: Math.fround(max), noNaN: true})) as [
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
        ]),
        async (channels, radius, bias, alpha, beta) =>
          expectSame(() =>
            gradients(
              (x) => tf.localResponseNormalization(x as tf.Tensor4D, radius, bias, alpha, beta),
              [uniform([2, 2, 3, channels])],
            ),
          ),
      ),
      {numRuns: 60},
    );
  });
});
