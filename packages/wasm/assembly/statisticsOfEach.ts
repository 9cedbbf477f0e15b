import {LEAST, MOST, SIZES, SMALL, SQUARES, STATISTICS_BYTES, SUM, ZEROS} from '../../core/assembly/sumStatistics';
import {argumentsOf, run, STATISTICS} from './jobs';
import {originOf} from './momentsChunk';
import {FIRST_CHUNK, SIZE, chunksOf, giveTable, rowAt} from './table';

/**
 * Writes one row of statistics for the tensor of each row, so many columns of them: mean, std, meanAbs, norm, maxAbs, min, max,
 * zeros, below. `partials` holds {@link STATISTICS_BYTES} for every chunk.
 */
export function statisticsOfEach(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  partials: usize,
  result: usize,
  columns: i32,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, partials);
  run(control, STATISTICS, chunks, wake);
  const bytes = <usize>columns << 2;
  for (let i = 0; i < rows; i++, result += bytes) {
    const row = rowAt(given, i);
    if (load<i32>(row, SIZE) === 0) memory.fill(result, 0, bytes);
    else finish(row, partials, result, columns);
  }
}

function finish(row: usize, partials: usize, result: usize, columns: i32): void {
  let at = partials + <usize>(load<i32>(row, FIRST_CHUNK) * STATISTICS_BYTES);
  const end = at + <usize>(chunksOf(row) * STATISTICS_BYTES);
  let sum: f64 = 0;
  let squares: f64 = 0;
  let sizes: f64 = 0;
  let least: f32 = Infinity;
  let most: f32 = -Infinity;
  let zeros = 0;
  let small = 0;
  for (; at < end; at += STATISTICS_BYTES) {
    sum += load<f64>(at, SUM);
    squares += load<f64>(at, SQUARES);
    sizes += load<f64>(at, SIZES);
    least = min(least, load<f32>(at, LEAST));
    most = max(most, load<f32>(at, MOST));
    zeros += load<i32>(at, ZEROS);
    small += load<i32>(at, SMALL);
  }
  const n = <f64>load<i32>(row, SIZE);
  const origin = originOf(row);
  if (isNaN(sizes)) {
    least = NaN;
    most = NaN;
  }
  store<f32>(result, <f32>(origin + sum / n));
  // Rounding may take it a little below zero.
  store<f32>(result, <f32>Math.sqrt(max<f64>(0, squares - (sum * sum) / n) / n), 4);
  store<f32>(result, <f32>(sizes / n), 8);
  store<f32>(result, <f32>Math.sqrt(plainSquares(origin, sum, squares, n)), 12);
  store<f32>(result, max(abs(least), abs(most)), 16);
  store<f32>(result, least, 20);
  store<f32>(result, most, 24);
  store<f32>(result, <f32>(<f64>zeros / n), 28);
  if (columns > 8) store<f32>(result, <f32>(<f64>small / n), 32);
}

/**
 * Σ t² of what was summed around an origin. Exact to n roundings: it is no less than the square of the origin, which is an
 * element.
 */
function plainSquares(origin: f64, sum: f64, squares: f64, n: f64): f64 {
  if (squares === Infinity) return Infinity;
  return max<f64>(0, squares + origin * (2 * sum + n * origin));
}
