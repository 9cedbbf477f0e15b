import {requireInteger} from './require.js';
import type {StepSchedule} from './stepSchedule.js';

/**
 * Due at steps 0, n, 2n, …
 *
 * @param n distance in optimizer updates; a whole number >= 1.
 * @throws RangeError if `n` is not a whole number >= 1.
 * @example
 * ```ts
 * import {every} from '@gradwire/core';
 *
 * console.log([0, 1, 10].map((step) => every(10)(step, {epoch: 0, batch: step}))); // [true, false, true]
 * ```
 */
export function every(n: number): StepSchedule {
  requireInteger('every', {n}, 1);
  return (step) => step % n === 0;
}
