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

test.each([0, -1, 1.5, NaN, Infinity])('refuses n = %s', (n) => {
  expect(() => everyNSteps(n, scaled({factor: 1}))).toThrow(
    new RangeError(`everyNSteps: n must be a whole number >= 1, got ${n}.`),
  );
});

test.each<[string, unknown[], string]>([
  ['a factory', [2, scaled], 'got the function scaled. Was the factory not called?'],
  [
    'arguments in another order',
    [scaled({factor: 1}), 2],
    'got the number 2. Call everyNSteps(n, transform).',
  ],
  ['nothing', [2], 'got undefined. Call everyNSteps(n, transform).'],
])('refuses %s in place of the transform', (_name, args, message) => {
  expect(() => everyNSteps(...(args as Parameters<typeof everyNSteps>))).toThrow(
    new TypeError(`everyNSteps: transform must be a GradientTransform, ${message}`),
  );
});

test('refuses n as text', () => {
  expect(() => everyNSteps('2' as never, scaled({factor: 1}))).toThrow(
    new RangeError("everyNSteps: n must be a whole number >= 1, got the string '2'."),
  );
});

test('is frozen', () => {
  expect(Object.isFrozen(everyNSteps(1, scaled({factor: 1})))).toBe(true);
});
