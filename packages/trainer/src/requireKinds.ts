import {describeValue} from '@gradwire/core';

/**
 * Rejects anything but lists.
 *
 * @param where the function, or the part of it, whose options these are.
 */
export function requireLists(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (!Array.isArray(value)) {
      throw new TypeError(`${where}: ${option} must be a list, got ${describeValue(value)}.`);
    }
  }
}

/** Rejects anything but functions; options may be missing. */
export function requireFunctions(
  where: string,
  options: Readonly<Record<string, unknown>>,
  expected: string,
): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== 'function') {
      throw new TypeError(
        `${where}: ${option} must be a function, ${expected}, got ${describeValue(value)}.`,
      );
    }
  }
}

/** Rejects anything but true and false; options may be missing. */
export function requireBooleans(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw new TypeError(`${where}: ${option} must be true or false, got ${describeValue(value)}.`);
    }
  }
}
