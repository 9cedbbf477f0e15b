import {requireInteger, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';

/** The options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  /** The rate at step 0; >= 0. */
  readonly rate: number;
  /** What the rate is multiplied by in the course of `every` steps; > 0. Default 0.1. */
  readonly factor?: number;
  /** Steps in which the rate changes by `factor`; a whole number >= 1. */
  readonly every: number;
}

/**
 * A rate that falls by the same share in every step. It has no end.
 *
 *     rate(step) = rate · factor^(step / every)
 *
 *     0.1   ─╮
 *             ╰─╮
 *     0.01      ╰────╮
 *     0.001          ╰────────────────
 *           0     every   2·every
 *
 * The same at multiples of `every` as {@link stepDecay}, and smooth between them. PyTorch's `ExponentialLR` is `every: 1`;
 * Keras' `ExponentialDecay` calls the two `decay_rate` and `decay_steps`.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {exponentialDecay} from '@gradwire/optimizers';
 *
 * const rate = exponentialDecay({rate: 0.1, factor: 1 / 10, every: 10_000}); // 0.1 · (1/10)^(step / 10000)
 * console.log(rate(5000)); // 0.0316228
 * ```
 */
export function exponentialDecay(options: ExponentialDecayOptions): (step: number) => number {
  const known = {rate: 0.1, factor: 0.1, every: 10_000};
  const {rate, factor = 0.1, every} = requireOptions('exponentialDecay', options, known);
  requireNonNegative('exponentialDecay', {rate});
  requirePositive('exponentialDecay', {factor});
  requireInteger('exponentialDecay', {every}, 1);
  return (step) => rate * factor ** (step / every);
}
