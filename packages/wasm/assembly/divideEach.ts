import {argumentsOf, DIVIDE, run} from './jobs';
import {giveTable} from './table';

/** (t − shift) / divisor of every tensor, by the numbers of its row; rounded as the two operations are one after the other. */
export function divideEach(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, 0);
  run(control, DIVIDE, chunks, wake);
}
