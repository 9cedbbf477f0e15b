import {describeValue} from '@gradwire/core';

/**
 * Checks an exponent of the step that makes a share shrink.
 *
 * @throws RangeError that names function, option and value.
 */
export function requireDecayRate(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value === 'number' && value < 0 && value !== -Infinity) continue;
    const got = typeof value === 'number' ? String(value) : describeValue(value);
    throw new RangeError(`${where}: ${option} must be a number < 0, got ${got}.`);
  }
}
