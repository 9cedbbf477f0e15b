import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

const small = fc.integer({min: 1, max: 5});
const shape = fc.tuple(small, small, small);
const axis = fc.integer({min: 0, max: 2});

describe.each([
  ['cumsum', tf.cumsum],
  ['cumprod', tf.cumprod],
] as const)('%s on the wasm backend', (_, cumulate) => {
  it('has the values of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape,
        axis,
        fc.boolean(),
        fc.boolean(),
        async (dimensions, along, exclusive, reverse) =>
          expectSame(() => [cumulate(uniform(dimensions), along, exclusive, reverse)]),
      ),
      {numRuns: 60},
    );
  });
});

describe('prod on the wasm backend', () => {
  it('has the values and gradients of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(shape, axis, async (dimensions, along) =>
        expectSame(() => gradients((x) => tf.prod(x, along), [uniform(dimensions)])),
      ),
      {numRuns: 60},
    );
  });
});
