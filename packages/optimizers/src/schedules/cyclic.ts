import {
  describeValue,
  requireInteger,
  requireNonNegative,
  requireOptions,
  requirePositive,
} from '@gradwire/core';

/** The options of {@link cyclic}. */
export interface CyclicOptions {
  /** The rate at step 0, and the lowest; >= 0. */
  readonly rate: number;
  /** The rate in the middle of the first cycle; >= 0. */
  readonly peak: number;
  /** Steps from the lowest rate to the highest; a whole number >= 1, 2 to 10 epochs in the paper. */
  readonly up: number;
  /** Steps back; a whole number >= 1, default as many as `up`. */
  readonly down?: number;
  /** What the height `peak − rate` is multiplied by in every cycle or step; > 0, default 1. */
  readonly factor?: number;
  /** How often `factor` counts, default `'cycle'`. */
  readonly per?: 'cycle' | 'step';
}

/**
 * Up and down between two rates along straight lines, for ever.
 *
 *     rate(step) = rate + (peak − rate) · factor^n · height(step)
 *     height: from 0 to 1 in `up` steps, and to 0 in `down`; n: cycles that are over, or with per 'step' the step
 *
 *     peak    ╱╲      ╱╲
 *            ╱  ╲    ╱  ╲
 *     rate  ╱    ╲  ╱    ╲
 *          0  up  +down
 *
 * Named as in the paper and in PyTorch's `CyclicLR`: the default is `triangular`, `factor: 0.5` is `triangular2`, and
 * `per: 'step'` with a factor slightly below 1 is `exp_range`. Momentum, which PyTorch cycles too, stays as it is.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {cyclic} from '@gradwire/optimizers';
 *
 * const rate = cyclic({rate: 0, peak: 1, up: 10, factor: 0.5});
 * console.log([0, 5, 10, 20, 30].map(rate)); // [0, 0.5, 1, 0, 0.5]
 * ```
 * @see Smith (2015), "Cyclical Learning Rates for Training Neural Networks", arXiv:1506.01186.
 */
export function cyclic(options: CyclicOptions): (step: number) => number {
  const known = {rate: 0.001, peak: 0.006, up: 2000, down: 2000, factor: 1, per: "'cycle'"};
  const {rate, peak, up, down = up, factor = 1, per = 'cycle'} = requireOptions('cyclic', options, known);
  requireNonNegative('cyclic', {rate, peak});
  requireInteger('cyclic', {up, down}, 1);
  requirePositive('cyclic', {factor});
  if (per !== 'cycle' && per !== 'step') {
    throw new RangeError(`cyclic: per must be 'cycle' or 'step', got ${describeValue(per)}.`);
  }
  const length = up + down;
  return (step) => {
    const inside = step % length;
    const height = inside <= up ? inside / up : (length - inside) / down;
    const times = per === 'cycle' ? Math.floor(step / length) : step;
    return rate + (peak - rate) * height * factor ** times;
  };
}
