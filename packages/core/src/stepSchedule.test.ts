import {expect, test} from 'vitest';
import {every, everyEpoch} from './index.js';

test('every(n) is due at 0, n, 2n, whatever the epoch', () => {
  const due = Array.from({length: 7}, (_, step) => every(3)(step, {epoch: step, batch: 1}));
  expect(due).toEqual([true, false, false, true, false, false, true]);
});

test('every(1) is always due', () => {
  expect([0, 1, 2].every((step) => every(1)(step, {epoch: 0, batch: step}))).toBe(true);
});

test.each([0, -1, 1.5, NaN, undefined as unknown as number])('every refuses %s', (n) => {
  expect(() => every(n)).toThrow(new RangeError(`every: n must be a whole number >= 1, got ${n}.`));
});

test('everyEpoch() is due at the first batch of every epoch', () => {
  const due = [0, 1, 2, 3].map((step) => everyEpoch()(step, {epoch: step >> 1, batch: step % 2}));
  expect(due).toEqual([true, false, true, false]);
});
