import {expect, it} from 'vitest';
import type {Panel} from './panel.js';
import {valueRange} from './valueRange.js';

const panel = (scale: Panel['scale'], ...values: readonly number[]): Panel => ({
  title: '',
  scale,
  lines: [{name: '', color: 'color:ink', points: values.map((value, i) => [i, value])}],
});

it.each([
  ['round numbers', panel('linear', 0.03, 0.97), {min: 0, max: 1, interval: 0.5, exponent: 0}],
  ['a unit for small values', panel('linear', -4e-6, 3e-6), {min: -4, max: 4, interval: 2, exponent: -6}],
  ['room around a constant', panel('linear', 2), {min: 1, max: 3, interval: 0.5, exponent: 0}],
  ['whole decades', panel('log', 3e-5, 0.2), {min: 1e-5, max: 1, exponent: 0}],
  ['a decade at least', panel('log', 1), {min: 1, max: 10, exponent: 0}],
  ['no zeros on log axes', panel('log', 0, -1, 5), {min: 1, max: 10, exponent: 0}],
  [
    'no infinities',
    panel('linear', 0, 1, Infinity, Number.NaN),
    {min: 0, max: 1, interval: 0.5, exponent: 0},
  ],
])('a range has %s', (_, given, range) => {
  expect(valueRange([given])).toEqual(range);
});

it('there is no range of nothing', () => {
  expect(valueRange([panel('log', 0)])).toBeUndefined();
});
