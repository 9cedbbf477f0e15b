import {describe, expect, it} from 'vitest';
import {studentT} from './studentT.js';
import {verdict} from './verdict.js';

describe('verdict', () => {
  it.each([
    ['the mean is near the published figure', [0.9, 0.94], {published: 0.93, tolerance: 0.01}],
    ['the difference is the tolerance itself', [0.9], {published: 0.91, tolerance: 0.01}],
    ['the published figure lies among ours', [0.7, 0.9], {published: 0.89, tolerance: 0}],
    ['it lies a tolerance beside ours', [0.7, 0.9], {published: 0.69, tolerance: 0.01}],
    [
      'the mean lies among the re-runs, and nothing is published',
      [0.5, 0.7],
      {rerun: {low: 0.59, high: 0.8}, tolerance: 0},
    ],
    ['it lies a tolerance beside them', [0.5], {rerun: {low: 0.51, high: 0.8}, tolerance: 0.01}],
  ])('agrees where %s', (_, values, comparand) => {
    expect(verdict(values, comparand)).toBe('agrees');
  });

  // m = 0.9, s = 0.02, n = 3: 0.9 ± 4.3027 · 0.02 · √(4/3) = 0.9 ± 0.0994.
  it.each([
    ['one more of our runs could have given it', [0.88, 0.9, 0.92], {published: 0.9993, tolerance: 0.01}],
    ['so it could from below', [0.88, 0.9, 0.92], {published: 0.8007, tolerance: 0.01}],
    [
      're-runs contradict it and agree with ours',
      [0.85],
      {published: 0.7, rerun: {low: 0.8, high: 0.9}, tolerance: 0.01},
    ],
  ])('says that the published value is a single run where %s', (_, values, comparand) => {
    expect(verdict(values, comparand)).toBe('published value is a single run');
  });

  it.each([
    ['not one in twenty of our runs would give it', [0.88, 0.9, 0.92], {published: 0.9995, tolerance: 0.01}],
    ['a single run of ours is not near it', [0.9], {published: 0.92, tolerance: 0.01}],
    ['re-runs have given it', [0.85], {published: 0.81, rerun: {low: 0.8, high: 0.9}, tolerance: 0.01}],
    ['re-runs contradict both', [0.5], {published: 0.7, rerun: {low: 0.8, high: 0.9}, tolerance: 0.01}],
    ['our runs are all alike', [0.9, 0.9, 0.9], {published: 0.95, tolerance: 0.01}],
    [
      'the mean lies outside the re-runs, and nothing is published',
      [0.5],
      {rerun: {low: 0.6, high: 0.8}, tolerance: 0.01},
    ],
  ])('differs where %s', (_, values, comparand) => {
    expect(verdict(values, comparand)).toBe('differs');
  });

  it('has nothing to say where there is nothing to compare with', () => {
    expect(verdict([1], {tolerance: 1})).toBe('no reference');
  });
});

it.each([
  [1, 12.706],
  [2, 4.303],
  [4, 2.776],
  [10, 2.228],
  [11, 2.201],
  [19, 2.093],
  [29, 2.045],
  [120, 1.98],
])('Student’s t of %d degrees of freedom is %d', (degrees, quantile) => {
  expect(studentT(degrees)).toBeCloseTo(quantile, 3);
});
