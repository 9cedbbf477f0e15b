import {requireInteger, requireNonNegative, requireOptions} from '@gradwire/core';
import {cosine} from './anneal.js';

/** The options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The rate at step 0; >= 0. */
  readonly rate: number;
  /** The rate at step `steps` and from there on; >= 0, default 0. */
  readonly end?: number;
  /** Length of the way from `rate` to `end`; a whole number >= 1. */
  readonly steps: number;
}

/**
 * Goes from one rate to another along half a cosine: slowly at first, fast in the middle, slowly at the end.
 *
 *     rate(step) = end + (rate − end) · (1 + cos(π · step / steps)) / 2
 *
 *     rate ──╮
 *            ╰╮
 *             ╰╮
 *     end      ╰──────────
 *          0      steps
 *
 * PyTorch's `CosineAnnealingLR`, which goes up again after `T_max`; this stays at its end.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {cosineDecay} from '@gradwire/optimizers';
 *
 * const rate = cosineDecay({rate: 0.1, end: 0.02, steps: 100});
 * console.log([0, 50, 100, 150].map(rate)); // [0.1, 0.06, 0.02, 0.02]
 * ```
 * @see Loshchilov, Hutter (2016), "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv:1608.03983.
 */
export function cosineDecay(options: CosineDecayOptions): (step: number) => number {
  const {rate, end = 0, steps} = requireOptions('cosineDecay', options, {rate: 0.1, end: 0, steps: 1000});
  requireNonNegative('cosineDecay', {rate, end});
  requireInteger('cosineDecay', {steps}, 1);
  return (step) => cosine(rate, end, step / steps);
}
