import {argumentsOf, MOMENTS, run} from './jobs';
import {originOf} from './momentsChunk';
import {FIRST_CHUNK, SIZE, chunksOf, giveTable, rowAt} from './table';

/**
 * means[i] = Σ t / n and deviations[i] = √(Σ (t − mean)² / (n − 1)) over the tensor of row i. `partials` holds 16 bytes for every
 * chunk.
 */
export function momentsOfEach(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  partials: usize,
  means: usize,
  deviations: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, partials);
  run(control, MOMENTS, chunks, wake);
  for (let i = 0; i < rows; i++) {
    const row = rowAt(given, i);
    const size = load<i32>(row, SIZE);
    let mean: f64 = 0;
    let deviation: f64 = 0;
    if (size > 0) {
      let at = partials + (<usize>load<i32>(row, FIRST_CHUNK) << 4);
      const end = at + (<usize>chunksOf(row) << 4);
      let sum: f64 = 0;
      let squares: f64 = 0;
      for (; at < end; at += 16) {
        sum += load<f64>(at);
        squares += load<f64>(at, 8);
      }
      mean = originOf(row) + sum / <f64>size;
      // Rounding may take it a little below zero.
      deviation = Math.sqrt(max<f64>(0, squares - (sum * sum) / <f64>size) / <f64>max(1, size - 1));
    }
    store<f32>(means + (<usize>i << 2), <f32>mean);
    store<f32>(deviations + (<usize>i << 2), <f32>deviation);
  }
}
