import {requireNonNegative} from '@gradwire/core';

/**
 * Checks that options are numbers >= 0 and < 1, as the decay of a running mean is.
 *
 * @throws RangeError that names function, option and value.
 */
export function requireFraction(where: string, options: Readonly<Record<string, number>>): void {
  requireNonNegative(where, options);
  for (const [option, value] of Object.entries(options)) {
    if (value >= 1) throw new RangeError(`${where}: ${option} must be < 1, got ${value}.`);
  }
}
