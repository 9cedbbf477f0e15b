import type {StepSchedule} from './stepSchedule.js';

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
