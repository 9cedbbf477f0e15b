import {expect, test} from 'vitest';
import {paramSpec} from './index.js';

test.each<[string, readonly number[], number, number]>([
  ['a dense kernel (in, out)', [5, 7], 5, 7],
  ['a convolution (h, w, in, out)', [3, 3, 8, 16], 72, 144],
  ['a one-dimensional convolution (w, in, out)', [5, 2, 3], 10, 15],
  ['a bias', [7], 7, 7],
  ['a scalar', [], 1, 1],
])('knows the fans of %s', (_what, shape, fanIn, fanOut) => {
  expect(paramSpec('w', shape)).toMatchObject({fanIn, fanOut});
});

test.each([
  ['dense_Dense1/kernel', 'kernel'],
  ['dense_Dense1/kernel_1', 'kernel'],
  ['dense_Dense1/kernel_12', 'kernel'],
  ['block/lstm/recurrent_kernel', 'recurrent_kernel'],
  ['w', 'w'],
  ['dense_1/bias', 'bias'],
])('the role of %s is %s', (name, role) => {
  expect(paramSpec(name, []).role).toBe(role);
});

test('keeps name and shape', () => {
  expect(paramSpec('a/b_1', [2, 3])).toMatchObject({name: 'a/b_1', shape: [2, 3]});
});
