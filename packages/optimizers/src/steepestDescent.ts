/**
 * Where a noisy curve falls fastest: the middle of the window in which a least-squares line through it is steepest.
 *
 * A window is a tenth of `steps` long, at least 3, and ends at `last` or before. A slope within four of its standard errors
 * is taken for noise; how much noise there is, is told by the median of the second differences, which no slope changes.
 *
 * @param values the curve, at equal distances.
 * @returns the index of the middle; undefined where the curve falls nowhere.
 */
export function steepestDescent(values: readonly number[], last: number, steps: number): number | undefined {
  const n = Math.max(3, Math.round(steps / 10));
  const spread = (n * (n * n - 1)) / 12;
  let steepest = (-4 * noiseOf(values.slice(0, last + 1))) / Math.sqrt(spread);
  let place: number | undefined;
  for (let begin = 0; begin + n <= last + 1; begin++) {
    const window = values.slice(begin, begin + n);
    const slope = window.reduce((sum, value, i) => sum + (i - (n - 1) / 2) * value, 0) / spread;
    if (slope >= steepest) continue;
    steepest = slope;
    place = begin + Math.floor(n / 2);
  }
  return place;
}

/** The standard deviation of what is no trend, if that is normally distributed. */
function noiseOf(values: readonly number[]): number {
  const bends = values.slice(2).map((value, i) => Math.abs(value - 2 * values[i + 1]! + values[i]!));
  const median = bends.toSorted((a, b) => a - b)[Math.floor(bends.length / 2)] ?? 0;
  return median / (0.6745 * Math.sqrt(6));
}
