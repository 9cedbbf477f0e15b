import type {LearningRateSchedule} from '@gradwire/core';
import {placeAmong, requireBoundaries} from './boundaries.js';
import {passOn} from './passOn.js';
import {requireRateSchedule} from './requireRateSchedule.js';

/**
 * One schedule after the other, each from a given step on. Each counts steps from its own beginning.
 *
 *     rate(step) = schedules[i](step − boundaries[i − 1]) for boundaries[i − 1] <= step < boundaries[i]
 *
 * Every one is told the logs of all epochs, also of those before its beginning. PyTorch: `SequentialLR`.
 *
 * @param schedules one or more; plain functions are schedules too.
 * @param boundaries the steps at which the second begins, the third, …; whole numbers >= 1 that increase, one fewer than
 *   schedules.
 * @throws RangeError if a boundary is no whole number above the one before.
 * @throws TypeError if a schedule is no function, or there is not one boundary fewer than schedules.
 * @example
 * ```ts
 * import {constantSchedule, cosineDecay, joinSchedules} from '@gradwire/optimizers';
 *
 * const rate = joinSchedules([constantSchedule({rate: 0.1}), cosineDecay({rate: 0.1, steps: 500})], [1000]);
 * const at = {epoch: 0, batch: 0};
 * console.log([0, 1000, 1250, 1500].map((step) => rate(step, at))); // [0.1, 0.1, 0.05, 0]
 * ```
 */
export function joinSchedules(
  schedules: readonly LearningRateSchedule[],
  boundaries: readonly number[],
): LearningRateSchedule {
  requireBoundaries('joinSchedules', 'schedules', schedules, boundaries);
  schedules.forEach((schedule, i) => requireRateSchedule('joinSchedules', `schedules[${i}]`, schedule));
  const [pieces, begins] = [[...schedules], [...boundaries]];
  return passOn(pieces, (step, at) => {
    const place = placeAmong(begins, step);
    return pieces[place]!(step - (begins[place - 1] ?? 0), at);
  });
}
