import {meanOf, spreadOf} from './statistics.js';
import {studentT} from './studentT.js';

/** What a comparison comes to. */
export type Verdict = 'agrees' | 'differs' | 'published value is a single run' | 'no reference';

/** What our figures are compared with. */
export interface Comparand {
  readonly published?: number | undefined;
  readonly rerun?: {readonly low: number; readonly high: number} | undefined;
  /** Difference that counts as none. */
  readonly tolerance: number;
}

/** More digits than any figure is given with; keeps binary fractions from deciding at a bound. */
const ROUNDING = 1e-9;

/**
 * How our figures of one cell, each of another random seed, compare with the published figure p.
 *
 * With mean m and standard deviation s of our n values and the tolerance tol:
 *
 * - *agrees* if |m − p| ≤ tol, or p lies in [min − tol, max + tol] of our values;
 * - *published value is a single run* otherwise, if p lies in the 95 % prediction interval for one more of our runs,
 *   m ± t(0.975, n − 1) · s · √(1 + 1/n), or if p lies outside [low − tol, high + tol] of independent re-runs and m inside;
 * - *differs* otherwise.
 *
 * Where there is no published figure, ours *agrees* if m lies in [low − tol, high + tol] of the re-runs.
 *
 * @param values ours; one or more, all finite.
 */
export function verdict(values: readonly number[], {published, rerun, tolerance}: Comparand): Verdict {
  const mean = meanOf(values);
  const slack = tolerance + ROUNDING;
  const isWithin = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  if (published === undefined) {
    if (rerun === undefined) return 'no reference';
    return isWithin(mean, rerun.low - slack, rerun.high + slack) ? 'agrees' : 'differs';
  }
  const isNear =
    Math.abs(mean - published) <= slack ||
    isWithin(published, Math.min(...values) - slack, Math.max(...values) + slack);
  if (isNear) return 'agrees';
  const reach = predictionReach(values);
  const isOneMoreRun = isWithin(published, mean - reach, mean + reach);
  const isContradicted =
    rerun !== undefined &&
    !isWithin(published, rerun.low - slack, rerun.high + slack) &&
    isWithin(mean, rerun.low - slack, rerun.high + slack);
  return isOneMoreRun || isContradicted ? 'published value is a single run' : 'differs';
}

/** Half the width of the 95 % prediction interval for one more value; 0 where a single value tells nothing of it. */
function predictionReach(values: readonly number[]): number {
  const count = values.length;
  if (count < 2) return 0;
  return studentT(count - 1) * spreadOf(values) * Math.sqrt(1 + 1 / count) + ROUNDING;
}
