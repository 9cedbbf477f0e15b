import {describe, expect, test} from 'vitest';
import {nearestNames} from './nearestNames.js';

const NAMES = ['conv/kernel', 'conv/bias', 'dense_1/kernel', 'dense_1/bias', 'dense_2/kernel', 'gamma'];

describe('the nearest names', () => {
  test.each([
    ['gama', 'gamma'],
    ['dense_1/kernal', 'dense_1/kernel'],
    ['Dense_2/kernel', 'dense_2/kernel'],
    ['**/gama', 'gamma'],
  ])('to %s begin with %s', (wanted, nearest) => {
    expect(nearestNames(wanted, NAMES)[0]).toBe(nearest);
  });

  test('to a part of a name are those that end with it', () => {
    expect(nearestNames('**/bais', NAMES).slice(0, 2)).toEqual(['conv/bias', 'dense_1/bias']);
  });

  test('are five at most', () => {
    expect(nearestNames('x', NAMES)).toHaveLength(5);
    expect(nearestNames('x', NAMES.slice(0, 2)).toSorted()).toEqual(['conv/bias', 'conv/kernel']);
    expect(nearestNames('x', [])).toEqual([]);
  });

  test('to nothing are the first', () => {
    expect(nearestNames('', NAMES)).toEqual(NAMES.slice(0, 5));
  });
});
