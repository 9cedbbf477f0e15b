import * as tf from '@tensorflow/tfjs';
import {expect, test} from 'vitest';
import {scaled} from '../fixtures/training.js';
import {describeValue} from './index.js';

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [1, 'the number 1'],
  [NaN, 'the number NaN'],
  [1n, 'the bigint 1'],
  ['1', "the string '1'"],
  ['', "the string ''"],
  [Symbol('s'), 'Symbol(s)'],
  [scaled, 'the function scaled'],
  [
    (
      () => () =>
        1
    )(),
    'an anonymous function',
  ],
  [[1, 2], 'a list of 2'],
  [{a: 1}, 'a plain object'],
  [Object.create(null), 'a plain object'],
  [new Map(), 'a Map'],
  [new Error('x'), 'an Error'],
  [Promise.resolve(), 'a Promise'],
  [tf.train.adam(), 'an AdamOptimizer'],
  [scaled({factor: 1}), "the transform 'scaled'"],
])('%o is described as %s', (value, words) => {
  expect(describeValue(value)).toBe(words);
});
