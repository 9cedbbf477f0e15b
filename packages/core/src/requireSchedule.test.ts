import {expect, test} from 'vitest';
import {allOf, anyOf, budget, every, everyEpoch, firstSteps, logSpaced, requireSchedule} from './index.js';

test.each([every(2), everyEpoch(), () => true, budget({share: 0.5})])('returns a schedule', (schedule) => {
  expect(requireSchedule('watch', 'when', schedule)).toBe(schedule);
});

test.each([every, everyEpoch, logSpaced, firstSteps, anyOf, allOf, budget])(
  'refuses $name, which was not called',
  (factory) => {
    expect(() => requireSchedule('watch', 'when', factory)).toThrow(
      new TypeError(
        `watch: when must be a step schedule, e.g. every(10), got the function ${factory.name}. Was it not called?`,
      ),
    );
  },
);

test.each([
  [10, 'the number 10'],
  [undefined, 'undefined'],
  [[every(1)], 'a list of 1'],
])('refuses %o', (value, words) => {
  expect(() => requireSchedule('watch', 'readLoss', value)).toThrow(
    new TypeError(`watch: readLoss must be a step schedule, e.g. every(10), got ${words}.`),
  );
});
