import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {beforeAll, describe, expect, test} from 'vitest';
import {numbers} from '../fixtures/training.js';
import {globalNorm, type NamedTensors} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

function norm(...lists: number[][]): number {
  return tf.tidy(() => {
    const tensors: NamedTensors = Object.fromEntries(lists.map((list, i) => [`t${i}`, tf.tensor1d(list)]));
    return numbers(globalNorm(tensors))[0]!;
  });
}

// numpy.linalg.norm of the concatenation, in float64 (NumPy 2.4.6).
test.each<[string, number[][], number]>([
  ['3 and 4', [[3], [0, 4]], 5],
  [
    'values of either sign',
    [
      [1, -2, 3],
      [-4, 5],
    ],
    7.416198487095663,
  ],
  ['one large among small', [[1e-3, 1e3], [1]], 1000.000500000375],
  ['1e30', [[1e30, -1e30], [1e30]], 1.7320508075688774e30],
  ['1e-30', [[1e-30, 1e-30], [-1e-30]], 1.7320508075688772e-30],
  ['1e30 beside 1e-30', [[1e30], [1e-30]], 1e30],
])('agrees with NumPy for %s', (_what, lists, expected) => {
  expect(norm(...lists) / expected).toBeCloseTo(1, 6);
});

test.each<[string, number[][], number]>([
  ['zeros', [[0, 0], [0]], 0],
  ['nothing', [], 0],
  ['empty tensors', [[], []], 0],
  ['an infinity', [[1, Infinity], [2]], Infinity],
  ['a negative infinity', [[-Infinity]], Infinity],
  ['infinities beside zeros', [[0], [Infinity, -Infinity]], Infinity],
  ['NaN', [[1, NaN], [2]], NaN],
  ['NaN beside an infinity', [[Infinity], [NaN]], NaN],
])('is exact for %s', (_what, lists, expected) => {
  expect(norm(...lists)).toBe(expected);
});

test('takes tensors of any shapes', () => {
  const tensors = {a: tf.ones([2, 3]), b: tf.ones([1, 1, 2]), c: tf.scalar(1)};
  expect(numbers(globalNorm(tensors))[0]).toBeCloseTo(3, 6);
});

test('is a scalar', () => {
  expect(globalNorm({a: tf.ones([2, 3])}).shape).toEqual([]);
});

test('leaves one tensor behind, the result', () => {
  const tensors = {a: tf.ones([2, 3]), b: tf.ones([2])};
  const before = tf.memory().numTensors;
  globalNorm(tensors);
  expect(tf.memory().numTensors).toBe(before + 1);
});

describe('as a norm', () => {
  const list = fc.array(fc.float({noNaN: true, min: -1e6, max: 1e6}), {minLength: 1, maxLength: 6});

  test('does not depend on how the values are divided among tensors', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(norm(a, b)).toBeCloseTo(norm([...a, ...b]), 0);
        expect(norm(b, a)).toBeCloseTo(norm(a, b), 0);
      }),
    );
  });

  test('is at least the largest entry and at most the sum of all', () => {
    fc.assert(
      fc.property(list, (values) => {
        const sizes = values.map(Math.abs);
        expect(norm(values)).toBeGreaterThanOrEqual(Math.max(...sizes) * (1 - 1e-5));
        expect(norm(values)).toBeLessThanOrEqual(
          sizes.reduce((sum, size) => sum + size, 0) * (1 + 1e-5) + 1e-37,
        );
      }),
    );
  });
});
