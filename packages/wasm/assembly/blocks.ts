/*
 * C = A·B + bias, by the scheme of Goto and van de Geijn (2008): B is packed into panels of 8 columns, a stripe of A into
 * panels of 4 rows, and a kernel of 4x8 sums runs over `DEPTH` rows of B at a time. Packing reads any strides, so a transposed
 * operand costs the same as a plain one.
 */
export const ROWS: i32 = 4;
export const COLUMNS: i32 = 8;
/** Panels of B in one chunk of packing. */
export const PANELS: i32 = 8;

// Arguments of the job, as offsets; all i32.
export const M: usize = 0;
export const N: usize = 4;
export const K: usize = 8;
export const A: usize = 12;
export const A_ROW: usize = 16;
export const A_COLUMN: usize = 20;
export const B: usize = 24;
export const B_ROW: usize = 28;
export const B_COLUMN: usize = 32;
export const C: usize = 36;
export const BIAS: usize = 40;
export const PACKED_B: usize = 44;
export const PACKED_A: usize = 48;
export const STRIPE: usize = 52;
export const DEPTH: usize = 56;
export const FIRST: usize = 60;
export const COUNT: usize = 64;
export const ONTO: usize = 68;

@inline export function divideUp(x: i32, by: i32): i32 {
  return (x + by - 1) / by;
}
