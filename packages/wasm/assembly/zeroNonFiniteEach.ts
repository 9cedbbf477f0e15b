import {argumentsOf, FIND_NON_FINITE, run, ZERO_NON_FINITE} from './jobs';
import {giveTable, rowAt} from './table';
import {FOUND} from './nonFiniteChunk';

/** Which tensors have an element that is NaN or infinite: 1 in their `found`, and 0 in that of others. */
export function findNonFinite(
  control: usize,
  table: usize,
  rows: i32,
  chunks: i32,
  found: usize,
  wake: bool,
): void {
  const given = argumentsOf(control);
  giveTable(given, table, rows, 0);
  run(control, FIND_NON_FINITE, chunks, wake);
  for (let i = 0; i < rows; i++) store<u8>(found + i, <u8>load<i32>(rowAt(given, i), FOUND));
}

/** 0 for every element that is NaN or infinite. */
export function zeroNonFinite(control: usize, table: usize, rows: i32, chunks: i32, wake: bool): void {
  giveTable(argumentsOf(control), table, rows, 0);
  run(control, ZERO_NON_FINITE, chunks, wake);
}
