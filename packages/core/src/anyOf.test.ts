import {expect, test, vi} from 'vitest';
import {anyOf, budget, every, firstSteps, type StepSchedule} from './index.js';

const at = (step: number) => ({epoch: 0, batch: step});

test('is due when any of them is', () => {
  const isDue = anyOf(firstSteps(2), every(3));
  expect([0, 1, 2, 3, 4, 5, 6].filter((step) => isDue(step, at(step)))).toEqual([0, 1, 3, 6]);
});

test('asks all at every step, with the position', () => {
  const schedules = [vi.fn<StepSchedule>(() => true), vi.fn<StepSchedule>(() => false)];
  anyOf(...schedules)(7, at(7));
  for (const schedule of schedules) expect(schedule.mock.calls).toEqual([[7, at(7)]]);
});

test('says what it is made of, so that each can be told what steps cost', () => {
  const parts = [every(2), budget({share: 0.1})];
  expect(anyOf(...parts).parts).toEqual(parts);
});

test('refuses nothing, and what is no schedule', () => {
  expect(() => anyOf()).toThrow(new TypeError('anyOf: give at least one schedule, e.g. every(10).'));
  expect(() => anyOf(every(1), every as never)).toThrow(
    new TypeError(
      'anyOf: schedule 1 must be a step schedule, e.g. every(10), got the function every. Was it not called?',
    ),
  );
});
