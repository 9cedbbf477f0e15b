import {requireInteger, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';

/** The options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions {
  /** The rate at step 0; >= 0. */
  readonly rate: number;
  /** The rate at step `steps` and from there on; >= 0, default 0. */
  readonly end?: number;
  /** Length of the way from `rate` to `end`; a whole number >= 1. */
  readonly steps: number;
  /** 1, the default, is a straight line; more starts steeply and ends flatly, less the other way round; > 0. */
  readonly power?: number;
}

/**
 * Goes from one rate to another along a power of the steps that are left; along a straight line by default.
 *
 *     rate(step) = end + (rate − end) · (1 − step / steps)^power
 *
 *     rate ╲                power 1
 *            ╲
 *              ╲
 *     end        ╲────────
 *          0    steps
 *
 * `end` may be larger than `rate`. PyTorch: `PolynomialLR`, and `LinearLR` with power 1.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {polynomialDecay} from '@gradwire/optimizers';
 *
 * const rate = polynomialDecay({rate: 1, steps: 100, power: 2});
 * console.log([0, 50, 100, 150].map(rate)); // [1, 0.25, 0, 0]
 * ```
 */
export function polynomialDecay(options: PolynomialDecayOptions): (step: number) => number {
  const known = {rate: 0.1, end: 0, steps: 1000, power: 1};
  const {rate, end = 0, steps, power = 1} = requireOptions('polynomialDecay', options, known);
  requireNonNegative('polynomialDecay', {rate, end});
  requireInteger('polynomialDecay', {steps}, 1);
  requirePositive('polynomialDecay', {power});
  return (step) => end + (rate - end) * Math.max(0, 1 - step / steps) ** power;
}
