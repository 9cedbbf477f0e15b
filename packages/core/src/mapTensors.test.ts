import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {numbers} from '../fixtures/training.js';
import {mapTensors} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

test('applies the function to every tensor and keeps the names', () => {
  const doubled = mapTensors({a: tf.scalar(1), 'b/c': tf.scalar(2)}, (g) => tf.mul(g, 2));
  expect(Object.entries(doubled).map(([name, g]) => [name, ...numbers(g)])).toEqual([
    ['a', 2],
    ['b/c', 4],
  ]);
});

test('tells the function the name', () => {
  const names: string[] = [];
  mapTensors({a: tf.scalar(1), b: tf.scalar(2)}, (g, name) => (names.push(name), g));
  expect(names).toEqual(['a', 'b']);
});

test('of nothing is nothing', () => {
  expect(mapTensors({}, (g) => g)).toEqual({});
});

test('leaves what it is given as it was', () => {
  const given = {a: tf.scalar(1)};
  const {a} = given;
  mapTensors(given, (g) => tf.neg(g));
  expect(given.a).toBe(a);
});

test('refuses arguments in another order, which would give nothing', () => {
  expect(() => mapTensors((() => tf.scalar(1)) as never, {a: tf.scalar(1)} as never)).toThrow(
    new TypeError('mapTensors: fn must be a function, got a plain object. Call mapTensors(tensors, fn).'),
  );
});
