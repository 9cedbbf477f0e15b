import {describeValue} from '@gradwire/core';

/** Checks that options are finite numbers; the error names function, option and value. */
export function requireFinite(where: string, options: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (Number.isFinite(value)) continue;
    const got = typeof value === 'number' ? String(value) : describeValue(value);
    throw new RangeError(`${where}: ${option} must be a finite number, got ${got}.`);
  }
}
