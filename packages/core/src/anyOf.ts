import {combineSchedules} from './combineSchedules.js';
import type {StepSchedule} from './stepSchedule.js';

/**
 * Due when any of several schedules is.
 *
 * @param schedules one or more.
 * @throws TypeError if one of them is no schedule, or there is none.
 * @example
 * ```ts
 * import {anyOf, every, firstSteps} from '@gradwire/core';
 *
 * const isDue = anyOf(firstSteps(2), every(10));
 * console.log([1, 2, 10].map((step) => isDue(step, {epoch: 0, batch: step}))); // [true, false, true]
 * ```
 */
export function anyOf(...schedules: readonly StepSchedule[]): StepSchedule {
  return combineSchedules('anyOf', schedules, (due) => due.some(Boolean));
}
