import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

const pair = (min: number, max: number) => fc.tuple(fc.integer({min, max}), fc.integer({min, max}));

describe('dilation2d on the wasm backend', () => {
  it('has the values and gradients of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(
        pair(5, 7),
        pair(1, 3),
        pair(1, 2),
        pair(1, 2),
        fc.constantFrom('same' as const, 'valid' as const),
        fc.constantFrom([1, 2], [-1, 1], [-2, -1]),
        async (image, window, strides, dilations, pad, [low, high]) =>
          expectSame(() =>
            gradients(
              (x, filter) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, strides, pad, dilations),
              [uniform([2, ...image, 2], low, high), uniform([...window, 2], -1, 1, 8)],
            ),
          ),
      ),
      {numRuns: 60},
    );
  });
});
