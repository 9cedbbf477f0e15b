import {requireOptions} from './requireOptions.js';
import type {StepSchedule} from './stepSchedule.js';

/** Options of {@link budget}. */
export interface BudgetOptions {
  /** Most time to spend, as a share of the time that the training itself takes; between 0 and 1. */
  readonly share: number;
}

/**
 * Due as often as a share of the training's time allows: measures what its captures cost and thins them out.
 *
 *     due at step 0, and where  Σ spent + cost ≤ share · Σ trained,  cost = running mean of what was spent when due
 *
 * Sums run over the steps so far, in milliseconds of the wall clock, so that two runs are not due at the same steps. What the
 * first measurements of a run cost, when nothing is compiled yet, is made up for by a pause. Several captures may share one budget;
 * {@link anyOf} and {@link allOf} combine it with other schedules, where a function of your own around it would not be told what steps cost.
 *
 * @throws RangeError if `share` is not between 0 and 1.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {budget} from '@gradwire/core';
 *
 * const isDue = budget({share: 0.1});
 * isDue.observe?.({spent: 2, trained: 10}); // of 1 ms, 2 are gone
 * console.log(isDue(1, {epoch: 0, batch: 1})); // false
 * isDue.observe?.({spent: 0, trained: 40});
 * console.log(isDue(2, {epoch: 0, batch: 2})); // true
 * ```
 */
export function budget(options: BudgetOptions): StepSchedule {
  const {share} = requireOptions('budget', options, {share: 0.02});
  if (!(typeof share === 'number' && share > 0 && share < 1)) {
    throw new RangeError(`budget: share must be between 0 and 1, got ${String(share)}.`);
  }
  let left = 0;
  let cost: number | undefined;
  const schedule: StepSchedule = () => cost === undefined || left >= cost;
  schedule.observe = ({spent, trained}) => {
    left += share * trained - spent;
    if (spent > 0) cost = cost === undefined ? spent : (cost + spent) / 2;
  };
  return schedule;
}
