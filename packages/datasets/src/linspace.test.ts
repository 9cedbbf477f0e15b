import {expect, it} from 'vitest';
import {linspace} from './linspace.js';

it('spaces numbers evenly with both ends included', () => {
  expect([...linspace(4, 8, 5)]).toEqual([4, 5, 6, 7, 8]);
});

it('rounds each number as NumPy does: a multiple of the rounded step', () => {
  expect([...linspace(0, 1, 50)].slice(47)).toEqual([47 * (1 / 49), 48 * (1 / 49), 1]);
});

it('ends exactly at the stop, where a multiple of the step would miss it', () => {
  expect(49 * (1 / 49)).not.toBe(1);
  expect(linspace(0, 1, 50)[49]).toBe(1);
});

it('gives the start alone for a count of one', () => {
  expect([...linspace(4, 8, 1)]).toEqual([4]);
});
