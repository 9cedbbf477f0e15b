import {argumentsOf, run, SQUARES, SUMS_OF_UNITS} from './jobs';
import {SIZE, chunksOf, giveTable, rowAt} from './table';
import {SUMS, UNITS, WIDTH} from './unitsChunk';

/** √(Σ t²) of every unit, tensor after tensor, to `norms`. */
export function normOfUnits(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  norms: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, 0);
  run(control, SQUARES, chunks, wake);
  for (let i = 0; i < rows; i++) {
    const row = rowAt(given, i);
    const units = load<i32>(row, UNITS);
    addChunks(row);
    for (let unit = 0; unit < units; unit++, norms += 4) store<f32>(norms, <f32>Math.sqrt(sumOf(row, unit)));
  }
}

/** Σ t / n of every unit, tensor after tensor, to `means`; 0 of none. Of equal ones it is exact: sums of up to 2²⁹ are. */
export function meanOfUnits(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  means: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, 0);
  run(control, SUMS_OF_UNITS, chunks, wake);
  for (let i = 0; i < rows; i++) {
    const row = rowAt(given, i);
    const units = load<i32>(row, UNITS);
    const count = <f64>max(1, load<i32>(row, SIZE) / units);
    addChunks(row);
    for (let unit = 0; unit < units; unit++, means += 4) store<f32>(means, <f32>(sumOf(row, unit) / count));
  }
}

/** Adds the sums of all chunks of a tensor to those of its first. */
function addChunks(row: usize): void {
  const bytes = <usize>load<i32>(row, WIDTH) << 3;
  const first = load<usize>(row, SUMS);
  const end = first + <usize>chunksOf(row) * bytes;
  for (let sums = first + bytes; sums < end; sums += bytes) {
    for (let j: usize = 0; j < bytes; j += 8) store<f64>(first + j, load<f64>(first + j) + load<f64>(sums + j));
  }
}

function sumOf(row: usize, unit: i32): f64 {
  if (load<i32>(row, SIZE) === 0) return 0;
  const units = load<i32>(row, UNITS);
  const width = load<i32>(row, WIDTH);
  const sums = load<usize>(row, SUMS);
  let sum: f64 = 0;
  for (let j = unit; j < width; j += units) sum += load<f64>(sums + (<usize>j << 3));
  return sum;
}
