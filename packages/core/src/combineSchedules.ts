import {requireSchedule} from './requireSchedule.js';
import type {StepPosition, StepSchedule} from './stepSchedule.js';

/** A schedule out of several. All are asked at every step. */
export function combineSchedules(
  where: string,
  schedules: readonly StepSchedule[],
  combine: (due: readonly boolean[]) => boolean,
): StepSchedule {
  if (schedules.length === 0) throw new TypeError(`${where}: give at least one schedule, e.g. every(10).`);
  schedules.forEach((schedule, i) => requireSchedule(where, `schedule ${i}`, schedule));
  const combined = (step: number, at: StepPosition): boolean =>
    combine(schedules.map((schedule) => schedule(step, at)));
  return Object.assign(combined, {parts: [...schedules]});
}
