import {argumentsOf, run, SIGN} from './jobs';
import {giveTable} from './table';

/** 1, −1 or 0 for every element; NaN stays NaN. */
export function signEach(control: usize, table: usize, rows: i32, chunks: i32, wake: bool): void {
  giveTable(argumentsOf(control), table, rows, 0);
  run(control, SIGN, chunks, wake);
}
