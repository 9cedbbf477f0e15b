import {expect, test} from 'vitest';
import {firstSteps} from './index.js';

test('is due at steps 0 to n − 1, whatever the epoch', () => {
  const isDue = firstSteps(2);
  expect([0, 1, 2, 3].map((step) => isDue(step, {epoch: step, batch: 0}))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([0, -1, 1.5, NaN, undefined as unknown as number])('refuses %s', (n) => {
  expect(() => firstSteps(n)).toThrow(new RangeError(`firstSteps: n must be a whole number >= 1, got ${n}.`));
});
