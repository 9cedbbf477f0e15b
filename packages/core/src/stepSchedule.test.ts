import {expect, test} from 'vitest';
import {every, everyEpoch, logSpaced} from './index.js';

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

test.each<[number, number[]]>([
  [1, [0, 1, 10, 100, 1000]],
  [3, [0, 1, 2, 5, 10, 22, 46, 100, 215, 464, 1000]],
  [
    10,
    [
      [0, 1, 2, 3, 4, 5, 6, 8],
      [10, 13, 16, 20, 25, 32, 40, 50, 63, 79],
      [100, 126, 158, 200, 251, 316, 398, 501, 631, 794, 1000],
    ].flat(),
  ],
])('logSpaced(%i) is due at these steps up to 1000', (perDecade, expected) => {
  const isDue = logSpaced(perDecade);
  const steps = Array.from({length: 1001}, (_, step) => step);
  expect(steps.filter((step) => isDue(step, {epoch: 0, batch: step}))).toEqual(expected);
});

test.each([1, 2, 3, 7, 10, 100, 1000])('logSpaced(%i) is due exactly where its formula says', (perDecade) => {
  const isDue = logSpaced(perDecade);
  const formula = Array.from({length: 4 * perDecade + 1}, (_, k) => Math.round(10 ** (k / perDecade)));
  const steps = Array.from({length: 10_001}, (_, step) => step);
  expect(steps.filter((step) => isDue(step, {epoch: 0, batch: 0}))).toEqual([...new Set([0, ...formula])]);
});

test('logSpaced looks at the step alone', () => {
  expect(logSpaced(1)(10, {epoch: 3, batch: 7})).toBe(true);
});

test.each([0, -1, 1.5, NaN, Infinity, undefined as unknown as number])(
  'logSpaced refuses %s',
  (perDecade) => {
    expect(() => logSpaced(perDecade)).toThrow(
      new RangeError(`logSpaced: perDecade must be a whole number >= 1, got ${perDecade}.`),
    );
  },
);
