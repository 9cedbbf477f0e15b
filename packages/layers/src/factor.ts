import {describeValue} from '@gradwire/core';

/** How far a random change goes: between two bounds, or, as one number, as far in both directions. */
export type Factor = number | readonly [lower: number, upper: number];

/**
 * The bounds that a factor stands for.
 *
 * @throws RangeError if these are no finite numbers within [min, max], in order.
 */
export function boundsOf(
  where: string,
  option: string,
  factor: Factor,
  [min, max]: readonly [number, number],
): [lower: number, upper: number] {
  const [lower, upper] = typeof factor === 'number' ? [-factor, factor] : Array.isArray(factor) ? factor : [];
  const isRange =
    Number.isFinite(lower) && Number.isFinite(upper) && lower! <= upper! && lower! >= min && upper! <= max;
  if (isRange) return [lower!, upper!];
  const got =
    typeof factor === 'number'
      ? String(factor)
      : Array.isArray(factor)
        ? `[${factor}]`
        : describeValue(factor);
  const within = max === Infinity ? `from ${min} on` : `in [${min}, ${max}]`;
  throw new RangeError(`${where}: ${option} must be a number >= 0 or [lower, upper], ${within}, got ${got}.`);
}
