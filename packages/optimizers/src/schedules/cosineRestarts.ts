import {requireInteger, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';
import {cosine} from './anneal.js';

/** The options of {@link cosineRestarts}. */
export interface CosineRestartsOptions {
  /** The rate at step 0, and where the first period begins; >= 0. */
  readonly rate: number;
  /** What the rate falls to within a period; >= 0, default 0. It is reached at the end of a period, where the next begins. */
  readonly end?: number;
  /** Length of the first period; a whole number >= 1. */
  readonly period: number;
  /** How many times longer each period is than the one before; a number >= 1, default 1. */
  readonly periodFactor?: number;
  /** What the height `rate − end` is multiplied by at each restart; > 0, default 1. */
  readonly factor?: number;
}

/**
 * Falls along half a cosine and jumps up again, period after period: stochastic gradient descent with warm restarts.
 *
 *     rate(step) = end + (rate − end) · factor^k · (1 + cos(π · s / n)) / 2
 *     k: periods that are over, s: step within this one, n = period · periodFactor^k
 *
 *     rate ─╮     ╷─╮         ╷──╮
 *           ╰╮    │ ╰─╮       │  ╰──╮
 *            ╰╮   │   ╰─╮     │     ╰──╮
 *     end     ╰───╵     ╰─────╵        ╰──
 *          0    period
 *
 * PyTorch: `CosineAnnealingWarmRestarts` with `T_0`, `T_mult`, `eta_min`. Keras: `CosineDecayRestarts`, with `m_mul` for
 * `factor`.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {cosineRestarts} from '@gradwire/optimizers';
 *
 * const rate = cosineRestarts({rate: 1, period: 10, periodFactor: 2});
 * console.log([0, 5, 10, 20, 30].map(rate)); // [1, 0.5, 1, 0.5, 1]
 * ```
 * @see Loshchilov, Hutter (2016), "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv:1608.03983.
 */
export function cosineRestarts(options: CosineRestartsOptions): (step: number) => number {
  const known = {rate: 0.1, end: 0, period: 1000, periodFactor: 1, factor: 1};
  const given = requireOptions('cosineRestarts', options, known);
  const {rate, end = 0, period, periodFactor = 1, factor = 1} = given;
  requireNonNegative('cosineRestarts', {rate, end});
  requireInteger('cosineRestarts', {period}, 1);
  requirePositive('cosineRestarts', {periodFactor, factor});
  if (periodFactor < 1) {
    throw new RangeError(`cosineRestarts: periodFactor must be >= 1, got ${periodFactor}.`);
  }
  return (step) => {
    const {periods, share} = placeOf(step, period, periodFactor);
    return end + cosine(rate - end, 0, share) * factor ** periods;
  };
}

/** How many periods are over at a step, and what share of the current one. */
function placeOf(step: number, period: number, periodFactor: number): {periods: number; share: number} {
  if (periodFactor === 1) return {periods: Math.floor(step / period), share: (step % period) / period};
  let [periods, rest, length] = [0, step, period];
  for (; rest >= length; length *= periodFactor) {
    rest -= length;
    periods++;
  }
  return {periods, share: rest / length};
}
