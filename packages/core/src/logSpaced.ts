import {requireInteger} from './require.js';
import type {StepSchedule} from './stepSchedule.js';

/**
 * Due at step 0 and at steps that lie ever further apart, equally many in each power of ten.
 *
 *     0  and  round(10^(k / perDecade)),  k = 0, 1, 2, …
 *
 * Small steps that several k round to are due once.
 *
 * @param perDecade values of k from one power of ten to the next; a whole number >= 1.
 * @throws RangeError if `perDecade` is not a whole number >= 1.
 * @example
 * ```ts
 * import {logSpaced} from '@gradwire/core';
 *
 * const isDue = logSpaced(3);
 * const steps = Array.from({length: 101}, (_, step) => step);
 * console.log(steps.filter((step) => isDue(step, {epoch: 0, batch: step}))); // [0, 1, 2, 5, 10, 22, 46, 100]
 * ```
 */
export function logSpaced(perDecade: number): StepSchedule {
  requireInteger('logSpaced', {perDecade}, 1);
  return (step) => {
    if (step === 0) return true;
    const k = perDecade * Math.log10(step);
    // If any whole number rounds to this step, one of the two around k does.
    return [Math.floor(k), Math.ceil(k)].some((whole) => Math.round(10 ** (whole / perDecade)) === step);
  };
}
