import {addressOf} from '../overrides/override.js';
import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';

/** What every chunk leaves: see `core/assembly/sumStatistics.ts`. */
const PARTIAL_BYTES = 40;

/**
 * Mean, std, meanAbs, norm, maxAbs, min, max and zeros of every tensor, one row for each; `below` as well where that attribute,
 * a float32, is given. One pass: sums in float64 over what is left when the first element is taken off, so that equal elements
 * deviate by exactly 0, and the norm out of these. NaN makes all of them NaN but the two shares.
 */
export const statisticsOfEach = jointKernel('StatisticsOfEach', ({tensors, attrs, backend}, simd) => {
  const below = attrs['below'] as number | undefined;
  const columns = below === undefined ? 8 : 9;
  const shape = [tensors.length, columns];
  if (simd === undefined) {
    const values = tensors.flatMap((tensor) =>
      statisticsOf(backend.typedArrayFromHeap(tensor), below ?? 0).slice(0, columns),
    );
    return [backend.makeOutput(shape, 'float32', undefined, Float32Array.from(values))];
  }
  const {at, rows, chunks, partials, wake} = jointTable(
    backend,
    simd,
    tensors.map((tensor) => ({tensor, numbers: [below ?? 0] as const})),
    {partialBytes: PARTIAL_BYTES},
  );
  const result = backend.makeOutput(shape, 'float32');
  const to = addressOf(backend, result);
  simd.exports.statisticsOfEach(simd.control, at, rows, chunks, partials, to, columns, wake);
  return [result];
});

function statisticsOf(values: ArrayLike<number> & Iterable<number>, below: number): number[] {
  const {length: n} = values;
  if (n === 0) return Array.from({length: 9}, () => 0);
  const origin = Number.isFinite(values[0]) ? values[0]! : 0;
  let [sum, deviations, sizes, squares, least, most, zeros, small] = [0, 0, 0, 0, Infinity, -Infinity, 0, 0];
  for (const t of values) {
    sum += t - origin;
    deviations += (t - origin) ** 2;
    sizes += Math.abs(t);
    squares += t * t;
    least = Math.min(least, t);
    most = Math.max(most, t);
    if (t === 0) zeros++;
    if (Math.abs(t) < below) small++;
  }
  const std = Math.sqrt(Math.max(0, deviations - sum ** 2 / n) / n);
  const maxAbs = Math.max(Math.abs(least), Math.abs(most));
  return [origin + sum / n, std, sizes / n, Math.sqrt(squares), maxAbs, least, most, zeros / n, small / n];
}
