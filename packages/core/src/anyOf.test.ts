import {expect, test, vi} from 'vitest';
import {anyOf, every, firstSteps, type StepCost, type StepSchedule} from './index.js';

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

test('tells those that observe what steps cost, and needs not be told if none does', () => {
  const observe = vi.fn<(cost: StepCost) => void>();
  const watching: StepSchedule = Object.assign(() => true, {observe});
  const schedule = anyOf(every(1), anyOf(watching));
  schedule.observe?.({spent: 1, trained: 2});
  expect(observe.mock.calls).toEqual([[{spent: 1, trained: 2}]]);
  expect(anyOf(every(1)).observe).toBeUndefined();
});

test('refuses nothing, and what is no schedule', () => {
  expect(() => anyOf()).toThrow(new TypeError('anyOf: give at least one schedule, e.g. every(10).'));
  expect(() => anyOf(every(1), every as never)).toThrow(
    new TypeError(
      'anyOf: schedule 1 must be a step schedule, e.g. every(10), got the function every. Was it not called?',
    ),
  );
});
