import {requireSchedule} from './requireSchedule.js';
import type {StepSchedule} from './stepSchedule.js';

/** A schedule out of several. All are asked at every step, and told what it has cost. */
export function combineSchedules(
  where: string,
  schedules: readonly StepSchedule[],
  combine: (due: readonly boolean[]) => boolean,
): StepSchedule {
  if (schedules.length === 0) throw new TypeError(`${where}: give at least one schedule, e.g. every(10).`);
  schedules.forEach((schedule, i) => requireSchedule(where, `schedule ${i}`, schedule));
  const combined: StepSchedule = (step, at) => combine(schedules.map((schedule) => schedule(step, at)));
  if (schedules.some(({observe}) => observe !== undefined)) {
    combined.observe = (cost) => {
      for (const schedule of schedules) schedule.observe?.(cost);
    };
  }
  return combined;
}
