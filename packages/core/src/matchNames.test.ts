import {expect, test} from 'vitest';
import {matchNames} from './matchNames.js';

const SAVED = ['dense_Dense1/kernel', 'dense_Dense1/bias', 'dense_Dense2/kernel', 'dense_Dense2/bias'];

function partners(ours: readonly string[], saved: readonly string[] = SAVED): (string | undefined)[] {
  const found = matchNames(saved, ours);
  return saved.map((name) => found.get(name));
}

test.each([
  ['the same names', SAVED],
  ['a model loaded beside its original', SAVED.map((name) => `${name}_1`)],
  ['a model built again', SAVED.map((name) => name.replace('1', '3').replace('2', '4'))],
  ['a model built again from 2 on', SAVED.map((name) => name.replace('2', '3').replace('1', '2'))],
  ['a model built again from 9 on', SAVED.map((name) => name.replace('2', '10').replace('1', '9'))],
])('finds every parameter of %s', (_how, ours) => {
  expect(partners(ours)).toEqual(ours);
});

test('does not depend on the order of names', () => {
  expect(partners(SAVED.map((name) => `${name}_1`).reverse())).toEqual(SAVED.map((name) => `${name}_1`));
});

test('finds what is not frozen by its layer', () => {
  expect(partners(['dense_Dense2/kernel_1', 'dense_Dense2/bias_1'])).toEqual([
    undefined,
    undefined,
    'dense_Dense2/kernel_1',
    'dense_Dense2/bias_1',
  ]);
});

test('pairs layers of one name in their order', () => {
  const saved = ['dense/kernel', 'dense/kernel_1', 'dense/kernel_2'];
  const ours = ['dense/kernel_9', 'dense/kernel_10', 'dense/kernel_11'];
  expect(partners(ours, saved)).toEqual(ours);
});

test('takes a name for itself where names are numbered and some are frozen', () => {
  expect(partners(['w_2'], ['w', 'w_1', 'w_2'])).toEqual([undefined, undefined, 'w_2']);
});

test('leaves out what is ambiguous', () => {
  expect(partners(['dense_Dense8/kernel'])).toEqual([undefined, undefined, undefined, undefined]);
});

test('leaves out what is new', () => {
  expect(partners([...SAVED, 'head/kernel'])).toEqual(SAVED);
});
