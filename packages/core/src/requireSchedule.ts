import {describeValue} from './describeValue.js';
import type {StepSchedule} from './stepSchedule.js';

const FACTORIES = new Set(['every', 'everyEpoch', 'logSpaced', 'firstSteps', 'anyOf', 'allOf', 'budget']);

/**
 * Checks that an argument is a step schedule.
 *
 * @param where the function that has been called.
 * @param argument which of its arguments it is.
 * @param value what it was called with.
 * @throws TypeError that names function, argument and value.
 * @example
 * ```ts
 * import {every, requireSchedule} from '@gradwire/core';
 *
 * const when = requireSchedule('watch', 'when', every(10));
 * console.log(when(20, {epoch: 0, batch: 20})); // true
 * ```
 */
export function requireSchedule(where: string, argument: string, value: unknown): StepSchedule {
  const isUncalled = typeof value === 'function' && FACTORIES.has(value.name);
  if (typeof value === 'function' && !isUncalled) return value as StepSchedule;
  const hint = isUncalled ? ' Was it not called?' : '';
  throw new TypeError(
    `${where}: ${argument} must be a step schedule, e.g. every(10), got ${describeValue(value)}.${hint}`,
  );
}
