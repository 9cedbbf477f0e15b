/**
 * Evenly spaced numbers from `start` to `stop`, both included, rounded as `numpy.linspace` rounds them.
 *
 *     vₖ = k · (stop − start)/(count − 1) + start,   k = 0 … count − 1
 *
 * A `count` of 1 gives `start` alone. Sums in float64.
 */
export function linspace(start: number, stop: number, count: number): Float64Array {
  const step = (stop - start) / (count - 1);
  const values = Float64Array.from({length: count}, (_, k) => k * step + start);
  if (count === 1) values[0] = start;
  else values[count - 1] = stop;
  return values;
}
