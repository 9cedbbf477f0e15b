import {describeValue} from '@gradwire/core';

/**
 * Checks that options are true or false.
 *
 * @throws TypeError that names function, option and value.
 */
export function requireBoolean(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value === 'boolean') continue;
    throw new TypeError(`${where}: ${option} must be true or false, got ${describeValue(value)}.`);
  }
}
