import {argumentsOf, NORM, run} from './jobs';
import {FIRST_CHUNK, chunksOf, giveTable, rowAt} from './table';

/** norms[i] = √(Σ t²) over the tensor of row i. `partials` holds 8 bytes for every chunk. */
export function normOfEach(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  partials: usize,
  norms: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, partials);
  run(control, NORM, chunks, wake);
  for (let i = 0; i < rows; i++) {
    const row = rowAt(given, i);
    let at = partials + (<usize>load<i32>(row, FIRST_CHUNK) << 3);
    const end = at + (<usize>chunksOf(row) << 3);
    let sum: f64 = 0;
    for (; at < end; at += 8) sum += load<f64>(at);
    store<f32>(norms + (<usize>i << 2), <f32>Math.sqrt(sum));
  }
}
