import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

const small = fc.integer({min: 1, max: 5});
const ids = (values: readonly number[]) => tf.tensor1d([...values], 'int32');

describe('unsortedSegmentSum on the wasm backend', () => {
  it('has the values of the cpu backend, whatever the ids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: -2, max: 6}), {minLength: 1, maxLength: 12}),
        small,
        small,
        async (segments, n, width) =>
          expectSame(() => [tf.unsortedSegmentSum(uniform([segments.length, width, 2]), ids(segments), n)]),
      ),
      {numRuns: 60},
    );
  });

  it('leaves integers what they are', async () => {
    await tf.setBackend('wasm');
    const sums = tf.tidy(() => tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4], 'int32'), ids([0, 2, 0]), 3));
    expect([sums.dtype, ...sums.dataSync()]).toEqual(['int32', 5, 0, 2]);
    sums.dispose();
  });
});

describe('gather on the wasm backend', () => {
  it('has the values and gradients of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(small, small, small),
        fc.integer({min: -3, max: 2}),
        fc.array(fc.nat(99), {minLength: 1, maxLength: 8}),
        async (shape, axis, picks) => {
          const indices = picks.map((pick) => pick % shape.at(axis < 0 ? axis : axis - 3)!);
          await expectSame(() => gradients((x) => tf.gather(x, ids(indices), axis), [uniform(shape)]));
        },
      ),
      {numRuns: 60},
    );
  });

  it('trains an embedding as the cpu backend does', async () => {
    await expectSame(() => {
      const tokens = tf.tensor2d(
        [
          [0, 3, 3],
          [1, 0, 9],
        ],
        [2, 3],
        'int32',
      );
      return gradients((table) => tf.gather(table, tokens).reshape([2, 12]), [uniform([10, 4])]);
    });
  });
});
