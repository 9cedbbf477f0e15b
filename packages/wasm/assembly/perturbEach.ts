import {argumentsOf, PERTURB, run} from './jobs';
import {NOISE, SCRATCH} from './perturbRowChunk';
import {giveTable} from './table';

/**
 * Noise for every tensor, by the amount and the key of its row: added, or multiplied by. `kind` is one of `kinds.ts` of
 * `@gradwire/noise`, chunks are even, and `scratch` holds NOISE_BYTES for each thread.
 */
export function perturbEach(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  kind: i32,
  scratch: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, 0);
  store<i32>(given, kind, NOISE);
  store<usize>(given, scratch, SCRATCH);
  run(control, PERTURB, chunks, wake);
}
