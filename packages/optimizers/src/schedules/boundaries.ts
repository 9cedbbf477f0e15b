import {describeValue, requireInteger} from '@gradwire/core';

/**
 * Checks that `pieces` is a list with at least one entry, and that `boundaries` is one of increasing steps between them.
 *
 * @throws TypeError or RangeError that names the function `where`.
 */
export function requireBoundaries(where: string, name: string, pieces: unknown, boundaries: unknown): void {
  for (const [key, list] of Object.entries({[name]: pieces, boundaries})) {
    if (Array.isArray(list)) continue;
    throw new TypeError(`${where}: ${key} must be a list, got ${describeValue(list)}.`);
  }
  const [{length}, steps] = [pieces as readonly unknown[], boundaries as readonly number[]];
  if (length === 0 || steps.length !== length - 1) {
    throw new TypeError(
      `${where}: there must be one boundary fewer than ${name}, got ${steps.length} and ${length}.`,
    );
  }
  for (const [i, step] of steps.entries()) {
    requireInteger(where, {[`boundaries[${i}]`]: step}, i === 0 ? 1 : steps[i - 1]! + 1);
  }
}

/** How many of the boundaries a step has reached. */
export function placeAmong(boundaries: readonly number[], step: number): number {
  const next = boundaries.findIndex((boundary) => step < boundary);
  return next < 0 ? boundaries.length : next;
}
