import {B, B_COLUMN, B_ROW, COLUMNS, COUNT, DEPTH, FIRST, K, PACKED_B, PANELS, ROWS, divideUp} from './blocks';

/** Packs some panels of B: for every `DEPTH` rows, for every 8 columns, row by row. */
export function packPanels(given: usize, chunk: i32): void {
  const k = load<i32>(given, K);
  const row = <usize>load<i32>(given, B_ROW) << 2;
  const column = <usize>load<i32>(given, B_COLUMN) << 2;
  const first = load<i32>(given, FIRST);
  const count = load<i32>(given, COUNT);
  const b = load<usize>(given, B);
  const packed = load<usize>(given, PACKED_B);
  const padded = divideUp(count, COLUMNS) * COLUMNS;
  const end = min(count, (chunk + 1) * PANELS * COLUMNS);
  const most = load<i32>(given, DEPTH);
  for (let k0 = 0; k0 < k; k0 += most) {
    const depth = min(most, k - k0);
    for (let j = chunk * PANELS * COLUMNS; j < end; j += COLUMNS) {
      const to = packed + ((<usize>k0 * padded + <usize>j * depth) << 2);
      const from = b + <usize>k0 * row + <usize>(first + j) * column;
      const wide = min(COLUMNS, count - j);
      if (wide < COLUMNS) packEdge(to, from, depth, row, column, wide, COLUMNS);
      else if (column === 4) packRows8(to, from, depth, row);
      else if (row === 4) packColumns8(to, from, depth, column);
      else packEdge(to, from, depth, row, column, COLUMNS, COLUMNS);
    }
  }
}

/** Any strides, any number of lines, the missing ones of `width` filled with zeros. */
export function packEdge(
  to: usize,
  from: usize,
  depth: i32,
  step: usize,
  line: usize,
  lines: i32,
  width: i32,
): void {
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < width; j++) {
      store<f32>(to, j < lines ? load<f32>(from + <usize>j * line) : <f32>0);
      to += 4;
    }
    from += step;
  }
}

/** Eight lines side by side. */
function packRows8(to: usize, from: usize, depth: i32, step: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += 32;
    from += step;
  }
}

/** Four lines side by side. */
export function packRows4(to: usize, from: usize, depth: i32, step: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    to += 16;
    from += step;
  }
}

@inline function low(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}
@inline function high(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}
@inline function firstHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}
@inline function secondHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** Four lines that each lie together, `width` bytes apart in the panel: transposed four by four. */
@inline function transpose4(to: usize, width: usize, a: usize, line: usize): void {
  const x0 = v128.load(a);
  const x1 = v128.load(a + line);
  const x2 = v128.load(a + 2 * line);
  const x3 = v128.load(a + 3 * line);
  const p = low(x0, x1);
  const q = low(x2, x3);
  const r = high(x0, x1);
  const s = high(x2, x3);
  v128.store(to, firstHalves(p, q));
  v128.store(to + width, secondHalves(p, q));
  v128.store(to + 2 * width, firstHalves(r, s));
  v128.store(to + 3 * width, secondHalves(r, s));
}

/** Eight lines that each lie together. */
function packColumns8(to: usize, from: usize, depth: i32, line: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transpose4(to, 32, from, line);
    transpose4(to + 16, 32, from + 4 * line, line);
    to += 128;
    from += 16;
  }
  if (k < depth) packEdge(to, from, depth - k, 4, line, COLUMNS, COLUMNS);
}

/** Four lines that each lie together. */
export function packColumns4(to: usize, from: usize, depth: i32, line: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transpose4(to, 16, from, line);
    to += 64;
    from += 16;
  }
  if (k < depth) packEdge(to, from, depth - k, 4, line, ROWS, ROWS);
}
