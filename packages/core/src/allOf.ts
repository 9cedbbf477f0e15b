import {combineSchedules} from './combineSchedules.js';
import type {StepSchedule} from './stepSchedule.js';

/**
 * Due when all of several schedules are.
 *
 * @param schedules one or more.
 * @throws TypeError if one of them is no schedule, or there is none.
 * @example
 * ```ts
 * import {allOf, budget, every} from '@gradwire/core';
 *
 * const isDue = allOf(every(10), budget({share: 0.02})); // every tenth step, unless that costs more than 2 %
 * console.log(isDue(10, {epoch: 0, batch: 10})); // true
 * ```
 */
export function allOf(...schedules: readonly StepSchedule[]): StepSchedule {
  return combineSchedules('allOf', schedules, (due) => due.every(Boolean));
}
