import {argumentsOf, DIVIDE_UNITS, run} from './jobs';
import {giveTable} from './table';

/** (t − shift) / divisor by the numbers of every unit; rounded as the two operations are one after the other. */
export function divideUnits(control: usize, table: usize, rows: i32, chunks: i32, wake: bool): void {
  giveTable(argumentsOf(control), table, rows, 0);
  run(control, DIVIDE_UNITS, chunks, wake);
}
