import {requireInteger, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';

/** The options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** The rate at step 0; >= 0. */
  readonly rate: number;
  /** What the rate is multiplied by; > 0. Default 0.1. */
  readonly factor?: number;
  /** Steps from one drop to the next; a whole number >= 1. */
  readonly every: number;
}

/**
 * A staircase: the rate drops by a factor every so many steps.
 *
 *     rate(step) = rate · factor^⌊step / every⌋
 *
 *     0.1   ────────┐
 *     0.01          └────────┐
 *     0.001                  └────────
 *           0     every   2·every
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {stepDecay} from '@gradwire/optimizers';
 *
 * const rate = stepDecay({rate: 1, factor: 0.5, every: 100});
 * console.log([0, 99, 100, 250].map(rate)); // [1, 1, 0.5, 0.25]
 * ```
 */
export function stepDecay(options: StepDecayOptions): (step: number) => number {
  const {
    rate,
    factor = 0.1,
    every,
  } = requireOptions('stepDecay', options, {rate: 0.1, factor: 0.1, every: 1000});
  requireNonNegative('stepDecay', {rate});
  requirePositive('stepDecay', {factor});
  requireInteger('stepDecay', {every}, 1);
  return (step) => rate * factor ** Math.floor(step / every);
}
