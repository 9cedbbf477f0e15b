import {expect, it} from 'vitest';
import {formatDuration, formatNumber, oneLine} from './format.js';

it.each([
  [0, '0s'],
  [-5, '0s'],
  [3_240, '3.2s'],
  [9_000, '9s'],
  [9_960, '10s'],
  [59_400, '59s'],
  [59_600, '1:00'],
  [80_000, '1:20'],
  [3_599_600, '1:00:00'],
  [3_723_000, '1:02:03'],
  [86_400_000, '1d 0h'],
  [273_600_000, '3d 4h'],
])('%i ms are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each([
  [0, '0.00'],
  [0.48213, '0.482'],
  [1, '1.00'],
  [-2.404, '-2.40'],
  [12345, '12345'],
  [999.7, '1000'],
  [1234567, '1.23e+6'],
  [0.000123, '1.23e-4'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%d is %s in three digits', (value, text) => {
  expect(formatNumber(value, 3)).toBe(text);
});

it('makes one line of many', () => {
  expect(oneLine(' a\r\n\tb\x07 ')).toBe('a b');
});
