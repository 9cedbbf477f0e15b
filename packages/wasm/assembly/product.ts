import {
  A,
  A_COLUMN,
  A_ROW,
  B,
  BIAS,
  B_COLUMN,
  B_ROW,
  C,
  COLUMNS,
  COUNT,
  DEPTH,
  FIRST,
  K,
  M,
  N,
  ONTO,
  PACKED_A,
  PACKED_B,
  PANELS,
  STRIPE,
  divideUp,
} from './blocks';
import {argumentsOf, MULTIPLY, PACK, run} from './jobs';

/**
 * The product of a (m, k) and b (k, n) into c (m, n), which is contiguous; strides count elements, everything else bytes.
 * `bias` has n elements, or is 0. `packedB` holds k · (columns rounded up to 8) floats, `packedA` for each thread
 * depth · stripe + 32. So much is computed at a time: `stripe` rows, a multiple of 4; `columns`, a multiple of 8; `depth` terms of
 * each sum. With `onto`, the product is added to what c holds, and there is no bias.
 */
export function product(
  control: usize,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  bias: usize,
  packedB: usize,
  packedA: usize,
  stripe: i32,
  columns: i32,
  depth: i32,
  onto: bool,
  wake: bool,
): void {
  const given = argumentsOf(control);
  store<i32>(given, m, M);
  store<i32>(given, n, N);
  store<i32>(given, k, K);
  store<usize>(given, a, A);
  store<i32>(given, aRow, A_ROW);
  store<i32>(given, aColumn, A_COLUMN);
  store<usize>(given, b, B);
  store<i32>(given, bRow, B_ROW);
  store<i32>(given, bColumn, B_COLUMN);
  store<usize>(given, c, C);
  store<usize>(given, bias, BIAS);
  store<usize>(given, packedB, PACKED_B);
  store<usize>(given, packedA, PACKED_A);
  store<i32>(given, stripe, STRIPE);
  store<i32>(given, depth, DEPTH);
  store<i32>(given, onto, ONTO);
  for (let first = 0; first < n; first += columns) {
    const count = min(columns, n - first);
    store<i32>(given, first, FIRST);
    store<i32>(given, count, COUNT);
    run(control, PACK, divideUp(count, COLUMNS * PANELS), wake);
    run(control, MULTIPLY, divideUp(m, stripe), wake);
  }
}
