import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {heavyBall, scaled} from '../fixtures/training.js';
import {everyNSteps} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const ONES = Array.from({length: 5}, () => ({a: 1}));
const values = (run: {grads: Readonly<Record<string, number>>[]}) => run.grads.map(({a}) => a);

test('applies the transform at steps 0, n, 2n', () => {
  expect(values(runTransform(everyNSteps(2, scaled({factor: 3})), ['a'], ONES))).toEqual([3, 1, 3, 1, 3]);
});

test('with n = 1 applies it always', () => {
  expect(values(runTransform(everyNSteps(1, scaled({factor: 3})), ['a'], ONES))).toEqual([3, 3, 3, 3, 3]);
});

test('leaves the state alone in between', () => {
  expect(values(runTransform(everyNSteps(2, heavyBall({decay: 1})), ['a'], ONES))).toEqual([1, 1, 2, 1, 3]);
});

test.each([0, -1, 1.5, NaN, Infinity, '2' as unknown as number])('refuses n = %s', (n) => {
  expect(() => everyNSteps(n, scaled({factor: 1}))).toThrow(
    new RangeError(`everyNSteps: n must be a whole number >= 1, got ${n}.`),
  );
});

test('is frozen', () => {
  expect(Object.isFrozen(everyNSteps(1, scaled({factor: 1})))).toBe(true);
});
