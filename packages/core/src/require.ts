import {describeValue} from './describeValue.js';

/**
 * Checks that options are numbers > 0.
 *
 * @param where name of the function whose options these are.
 * @param options the options to check, by name.
 * @throws RangeError that names function, option and value.
 * @example
 * ```ts
 * import {requirePositive} from '@gradwire/core';
 *
 * requirePositive('clipByNorm', {maxNorm: 1});
 * ```
 */
export function requirePositive(where: string, options: Readonly<Record<string, number>>): void {
  check(where, options, (value) => objection(value, '> 0', (number) => number > 0));
}

/**
 * Checks that options are numbers >= 0.
 *
 * @param where name of the function whose options these are.
 * @param options the options to check, by name.
 * @throws RangeError that names function, option and value.
 * @example
 * ```ts
 * import {requireNonNegative} from '@gradwire/core';
 *
 * requireNonNegative('gradientNoise', {eta: 0.3});
 * ```
 */
export function requireNonNegative(where: string, options: Readonly<Record<string, number>>): void {
  check(where, options, (value) => objection(value, '>= 0', (number) => number >= 0));
}

/**
 * Checks that options are whole numbers, at least `min`.
 *
 * @param where name of the function whose options these are.
 * @param options the options to check, by name.
 * @param min smallest allowed value.
 * @throws RangeError that names function, option and value.
 * @example
 * ```ts
 * import {requireInteger} from '@gradwire/core';
 *
 * requireInteger('every', {n: 10}, 1);
 * ```
 */
export function requireInteger(where: string, options: Readonly<Record<string, number>>, min: number): void {
  check(where, options, (value) =>
    Number.isSafeInteger(value) && (value as number) >= min ? undefined : `a whole number >= ${min}`,
  );
}

/** What a value that is not accepted must be. */
function objection(value: unknown, bound: string, isWithin: (value: number) => boolean): string | undefined {
  if (typeof value !== 'number') return `a number ${bound}`;
  if (value === Infinity) return `a finite number ${bound}`;
  return isWithin(value) ? undefined : bound;
}

function check(
  where: string,
  options: Readonly<Record<string, unknown>>,
  object: (value: unknown) => string | undefined,
): void {
  for (const [option, value] of Object.entries(options)) {
    const must = object(value);
    if (must === undefined) continue;
    const got = typeof value === 'number' ? String(value) : describeValue(value);
    throw new RangeError(`${where}: ${option} must be ${must}, got ${got}.`);
  }
}
