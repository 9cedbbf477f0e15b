import {describeValue} from '@gradwire/core';

/**
 * Checks that an argument is a learning-rate schedule, as far as one can see.
 *
 * @throws TypeError that names function and argument.
 */
export function requireRateSchedule(where: string, argument: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new TypeError(
    `${where}: ${argument} must be a learning-rate schedule, e.g. (step) => 0.1 / (1 + step), got ${describeValue(value)}.`,
  );
}
