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
  check(where, options, '> 0', (value) => Number.isFinite(value) && value > 0);
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
  check(where, options, '>= 0', (value) => Number.isFinite(value) && value >= 0);
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
  check(where, options, `a whole number >= ${min}`, (value) => Number.isSafeInteger(value) && value >= min);
}

function check(
  where: string,
  options: Readonly<Record<string, unknown>>,
  expected: string,
  accepts: (value: number) => boolean,
): void {
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== 'number' || !accepts(value)) {
      throw new RangeError(`${where}: ${option} must be ${expected}, got ${String(value)}.`);
    }
  }
}
