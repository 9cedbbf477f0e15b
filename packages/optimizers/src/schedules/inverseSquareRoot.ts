import {requireInteger, requireNonNegative, requireOptions} from '@gradwire/core';

/** The options of {@link inverseSquareRoot}. */
export interface InverseSquareRootOptions {
  /** The highest rate; >= 0. */
  readonly peak: number;
  /** Updates on the way up; a whole number >= 1. */
  readonly warmup: number;
}

/**
 * Up along a straight line, then down with the square root of the steps: the schedule of the Transformer. It has no end.
 *
 *     rate(step) = peak · min(n / warmup, √(warmup / n)),  n = step + 1
 *
 *     peak   ╱╲
 *           ╱  ╲__
 *          ╱      ╲______
 *         ╱              ╲____________
 *         0  warmup
 *
 * The `warmup`-th update has the peak. The paper has peak = 1 / √(size of the model · warmup).
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {inverseSquareRoot} from '@gradwire/optimizers';
 *
 * const rate = inverseSquareRoot({peak: 1, warmup: 4});
 * console.log([0, 1, 3, 15, 63].map(rate)); // [0.25, 0.5, 1, 0.5, 0.25]
 * ```
 * @see Vaswani et al. (2017), "Attention Is All You Need", arXiv:1706.03762, section 5.3.
 */
export function inverseSquareRoot(options: InverseSquareRootOptions): (step: number) => number {
  const {peak, warmup} = requireOptions('inverseSquareRoot', options, {peak: 1e-3, warmup: 4000});
  requireNonNegative('inverseSquareRoot', {peak});
  requireInteger('inverseSquareRoot', {warmup}, 1);
  return (step) => peak * Math.min((step + 1) / warmup, Math.sqrt(warmup / (step + 1)));
}
