import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {expectPrinted} from './printed.js';

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

it.each<[printed: readonly unknown[], comment: string]>([
  [[5], '5'],
  [[true], 'true'],
  [[['a', [1, 2]]], "['a', [1, 2]]"],
  [['kernel', 72], 'kernel 72'],
  [[{loss: 0.5}], '{loss: 0.5}'],
  [['Tensor\n    [29.3999996, 39.2000008]'], '[29.4, 39.2]'],
  [[0.123], 'falls from here on'],
])('takes %j for what // %s says', (printed, comment) => {
  console.log(...printed);
  expect(() => expectPrinted(comment)).not.toThrow();
});

it.each<[printed: readonly unknown[], comment: string]>([
  [[5], '6'],
  [[true], 'false'],
  [[[1, 2]], '[1, 3]'],
  [[[1, 2]], '[1]'],
  [['bias', 72], 'kernel 72'],
  [['Tensor\n    29.39'], '29.4'],
  [[5], '5 6'],
])('does not take %j for what // %s says', (printed, comment) => {
  console.log(...printed);
  expect(() => expectPrinted(comment)).toThrow('the comment must show what is printed');
});

it('does not take silence for an answer', () => {
  expect(() => expectPrinted('5')).toThrow('the comment must show what is printed');
});
