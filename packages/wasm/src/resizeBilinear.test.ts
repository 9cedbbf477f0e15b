import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, transposed, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

const size = fc.tuple(fc.integer({min: 1, max: 7}), fc.integer({min: 1, max: 7}));
const mode = fc.constantFrom([false, false], [true, false], [false, true]);

describe.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)('%s on the wasm backend', (name) => {
  it('has the transposed matrix of the cpu backend for a gradient', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, mode, async (from, to, [alignCorners, halfPixelCenters]) => {
        const resize = (x: tf.Tensor) => tf.image[name](x as tf.Tensor4D, to, alignCorners, halfPixelCenters);
        const images = () => uniform([2, ...from, 3]);
        await expectSame(
          () => gradients(resize, [images()]),
          () => transposed(resize, images()),
        );
      }),
      {numRuns: 80},
    );
  });
});
