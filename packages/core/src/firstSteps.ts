import {requireInteger} from './require.js';
import type {StepSchedule} from './stepSchedule.js';

/**
 * Due at steps 0 to n − 1.
 *
 * @param n number of steps; a whole number >= 1.
 * @throws RangeError if `n` is not a whole number >= 1.
 * @example
 * ```ts
 * import {anyOf, every, firstSteps} from '@gradwire/core';
 *
 * const isDue = anyOf(firstSteps(3), every(100));
 * console.log([0, 2, 3, 100].map((step) => isDue(step, {epoch: 0, batch: step}))); // [true, true, false, true]
 * ```
 */
export function firstSteps(n: number): StepSchedule {
  requireInteger('firstSteps', {n}, 1);
  return (step) => step < n;
}
