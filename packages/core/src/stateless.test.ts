import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {mapTensors, stateless} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const example = () =>
  stateless('example', {eta: 1}, (grads, {step}) => mapTensors(grads, (g) => tf.add(g, step)));

test('passes gradients and context to the function', () => {
  expect(runTransform(example(), ['a'], [{a: 1}, {a: 1}]).grads).toEqual([{a: 1}, {a: 2}]);
});

test('has no state', () => {
  expect(runTransform(example(), ['a'], [{a: 1}]).state).toBeUndefined();
});

test('carries its name and options', () => {
  expect(example()).toMatchObject({name: 'example', config: {eta: 1}});
});

test('is frozen', () => {
  expect(Object.isFrozen(example())).toBe(true);
});
