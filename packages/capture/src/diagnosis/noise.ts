import {median} from './median.js';

/** Median of |Δ| of normal noise, in units of its deviation. */
const NORMAL = 0.954;

/** Changes that a deviation can be told from. */
const LEAST = 4;

/** Deviation of the noise in a series, which its trend hardly moves: σ = median |Δ| / 0.954. 0 where there are fewer than 4 finite changes. */
export function noiseOf(series: readonly number[]): number {
  const changes = series
    .slice(1)
    .map((value, i) => Math.abs(value - series[i]!))
    .filter(Number.isFinite);
  return changes.length < LEAST ? 0 : median(changes) / NORMAL;
}
