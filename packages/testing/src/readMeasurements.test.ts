import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, it} from 'vitest';
import {readMeasurements} from './readMeasurements.js';

beforeAll(() => tf.setBackend('cpu'));

it('reads scalars as values and larger tensors as arrays', async () => {
  const measured = {
    a: {scalar: tf.scalar(1.5), one: tf.tensor1d([7]), matrix: tf.tensor2d([[1, 2]], [1, 2], 'int32')},
    b: {yes: tf.scalar(true, 'bool'), empty: tf.zeros([0])},
  };
  expect(await readMeasurements(measured)).toEqual({
    values: {a: {scalar: 1.5}, b: {yes: 1}},
    arrays: {a: {one: Float32Array.of(7), matrix: Float32Array.of(1, 2)}, b: {empty: new Float32Array()}},
  });
});

it('takes tables apart', async () => {
  const values = tf.tensor2d([
    [1, 2],
    [3, NaN],
  ]);
  expect(await readMeasurements({subjects: ['a', 'b'], quantities: ['x', 'y'], values})).toEqual({
    values: {a: {x: 1, y: 2}, b: {x: 3, y: NaN}},
    arrays: {},
  });
});

it.each<[unknown, string]>([
  [undefined, 'a capture must return {subject: {quantity: tensor}} or a table, got undefined.'],
  [{w: 1}, "a capture for 'w' must return {subject: {quantity: tensor}} or a table, got the number 1."],
  [{w: {max: 1}}, "'w', 'max' must be a tensor of numbers, got the number 1."],
  [
    {subjects: 'a', quantities: [], values: tf.zeros([0, 0])},
    "the table's subjects must be a list of names, got the string 'a'.",
  ],
  [
    {subjects: ['a'], quantities: ['x', 'x'], values: tf.zeros([1, 2])},
    "the table's quantities must differ, got x, x.",
  ],
  [
    {subjects: ['a'], quantities: ['x'], values: tf.zeros([2, 1])},
    "the table's values must be of shape [1,1], got [2,1].",
  ],
])('refuses %o', async (measured, message) => {
  await expect(readMeasurements(measured as never)).rejects.toThrow(new TypeError(message));
});
