import {requireNonNegative, requireOptions} from '@gradwire/core';
import {placeAmong, requireBoundaries} from './boundaries.js';

/** The options of {@link piecewiseConstant}. */
export interface PiecewiseConstantOptions {
  /** The rates, one after the other; each >= 0. */
  readonly rates: readonly number[];
  /** The steps at which the second rate begins, the third, …; whole numbers >= 1 that increase, one fewer than rates. */
  readonly boundaries: readonly number[];
}

/**
 * One rate after the other, each from a given step on.
 *
 *     rate(step) = rates[i] for boundaries[i − 1] <= step < boundaries[i]
 *
 *     rates[0] ──────┐
 *     rates[2]       │     ┌────────
 *     rates[1]       └─────┘
 *              0   b[0]  b[1]
 *
 * The update number `boundaries[i]`, counted from 0, already has the new rate, as with PyTorch's `MultiStepLR`; Keras'
 * `PiecewiseConstantDecay` changes one step later.
 *
 * @throws RangeError if a rate is negative or a boundary no whole number above the one before.
 * @throws TypeError if there is not one boundary fewer than rates; if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {piecewiseConstant} from '@gradwire/optimizers';
 *
 * const rate = piecewiseConstant({rates: [0.1, 0.01], boundaries: [1000]});
 * console.log([0, 999, 1000].map(rate)); // [0.1, 0.1, 0.01]
 * ```
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): (step: number) => number {
  const known = {rates: '[0.1, 0.01]', boundaries: '[1000]'};
  const {rates, boundaries} = requireOptions('piecewiseConstant', options, known);
  requireBoundaries('piecewiseConstant', 'rates', rates, boundaries);
  rates.forEach((rate, i) => requireNonNegative('piecewiseConstant', {[`rates[${i}]`]: rate}));
  const [values, begins] = [[...rates], [...boundaries]];
  return (step) => values[placeAmong(begins, step)]!;
}
