import {requireInteger} from './require.js';

/** Where in a training a step stands. */
export interface StepPosition {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The batch within the epoch, from 0. */
  readonly batch: number;
}

/** Says at which optimizer updates (counted from 0) something is due. */
export type StepSchedule = (step: number, at: StepPosition) => boolean;

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

/**
 * Due at the first batch of every epoch.
 *
 * @example
 * ```ts
 * import {everyEpoch} from '@gradwire/core';
 *
 * console.log(everyEpoch()(32, {epoch: 1, batch: 0})); // true
 * ```
 */
export function everyEpoch(): StepSchedule {
  return (_step, {batch}) => batch === 0;
}
