import {argumentsOf, MULTIPLY, PACK, run} from './jobs';
import {madd} from './madd';

/*
 * C = A·B + bias, by the scheme of Goto and van de Geijn (2008): B is packed into panels of 8 columns, a stripe of A into
 * panels of 6 rows, and a kernel of 6x8 sums runs over 256 rows of B at a time. Packing reads any strides, so a transposed
 * operand costs the same as a plain one.
 */
const ROWS: i32 = 4;
const COLUMNS: i32 = 8;
const DEPTH: i32 = 256;
/** Panels of B in one chunk of packing. */
const PANELS: i32 = 8;

// Arguments of the job, as offsets; all i32.
const M: usize = 0;
const N: usize = 4;
const K: usize = 8;
const A: usize = 12;
const A_ROW: usize = 16;
const A_COLUMN: usize = 20;
const B: usize = 24;
const B_ROW: usize = 28;
const B_COLUMN: usize = 32;
const C: usize = 36;
const BIAS: usize = 40;
const PACKED_B: usize = 44;
const PACKED_A: usize = 48;
const STRIPE: usize = 52;
const FIRST: usize = 56;
const COUNT: usize = 60;

/**
 * The product of a (m, k) and b (k, n) into c (m, n), which is contiguous; strides count elements, everything else bytes.
 * `bias` has n elements, or is 0. `packedB` holds k · (columns rounded up to 8) floats, `packedA` for each thread
 * 256 · stripe + 48; `stripe` is a multiple of 6, `columns` of 8: as many columns are computed at a time.
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
  for (let first = 0; first < n; first += columns) {
    const count = min(columns, n - first);
    store<i32>(given, first, FIRST);
    store<i32>(given, count, COUNT);
    run(control, PACK, divideUp(count, COLUMNS * PANELS));
    run(control, MULTIPLY, divideUp(m, stripe));
  }
}

// @ts-ignore: decorator
@inline function divideUp(x: i32, by: i32): i32 {
  return (x + by - 1) / by;
}

/** Packs some panels of B: for every 256 rows, for every 8 columns, row by row. */
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
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
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

/** Multiplies a stripe of A with all that is packed of B. */
export function multiplyStripe(given: usize, chunk: i32, index: i32): void {
  const n = load<i32>(given, N);
  const k = load<i32>(given, K);
  const row = <usize>load<i32>(given, A_ROW) << 2;
  const column = <usize>load<i32>(given, A_COLUMN) << 2;
  const first = load<i32>(given, FIRST);
  const count = load<i32>(given, COUNT);
  const bias = load<usize>(given, BIAS);
  const packedB = load<usize>(given, PACKED_B);
  const stripe = load<i32>(given, STRIPE);
  const padded = divideUp(count, COLUMNS) * COLUMNS;
  const packedA = load<usize>(given, PACKED_A) + ((<usize>index * (DEPTH * stripe + ROWS * COLUMNS)) << 2);
  const corner = packedA + ((<usize>DEPTH * stripe) << 2);
  const i0 = chunk * stripe;
  const high = min(stripe, load<i32>(given, M) - i0);
  const a = load<usize>(given, A) + <usize>i0 * row;
  const c = load<usize>(given, C) + ((<usize>i0 * n + first) << 2);
  const stride = <usize>n << 2;
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    for (let i = 0; i < high; i += ROWS) {
      const to = packedA + ((<usize>i * depth) << 2);
      const from = a + <usize>i * row + <usize>k0 * column;
      const tall = min(ROWS, high - i);
      if (tall < ROWS) packEdge(to, from, depth, column, row, tall, ROWS);
      else if (row === 4) packRows4(to, from, depth, column);
      else if (column === 4) packColumns4(to, from, depth, row);
      else packEdge(to, from, depth, column, row, ROWS, ROWS);
    }
    for (let j = 0; j < count; j += COLUMNS) {
      const panelB = packedB + ((<usize>k0 * padded + <usize>j * depth) << 2);
      const wide = min(COLUMNS, count - j);
      // What the sums are added to: nothing, the bias, or the sums so far.
      const onto: usize = k0 === 0 && bias !== 0 ? bias + ((<usize>first + j) << 2) : 0;
      for (let i = 0; i < high; i += ROWS) {
        const panelA = packedA + ((<usize>i * depth) << 2);
        const tall = min(ROWS, high - i);
        const to = c + <usize>i * stride + (<usize>j << 2);
        if (wide === COLUMNS && tall === ROWS) {
          multiply4x8(panelA, panelB, depth, to, stride, k0 > 0 ? to : onto, k0 > 0 ? stride : 0);
        } else {
          multiply4x8(panelA, panelB, depth, corner, COLUMNS << 2, 0, 0);
          addCorner(corner, to, stride, k0 > 0 ? to : onto, k0 > 0 ? stride : 0, tall, wide);
        }
      }
    }
  }
}

function addCorner(
  from: usize,
  to: usize,
  stride: usize,
  onto: usize,
  ontoStride: usize,
  tall: i32,
  wide: i32,
): void {
  for (let i: usize = 0; i < <usize>tall; i++) {
    for (let j: usize = 0; j < <usize>wide; j++) {
      const sum = load<f32>(from + ((i * COLUMNS + j) << 2));
      const before = onto === 0 ? <f32>0 : load<f32>(onto + i * ontoStride + (j << 2));
      store<f32>(to + i * stride + (j << 2), sum + before);
    }
  }
}

/** Any strides, any number of lines, the missing ones of `width` filled with zeros. */
function packEdge(
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
function packRows4(to: usize, from: usize, depth: i32, step: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    to += 16;
    from += step;
  }
}

// @ts-ignore: decorator
@inline function low(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}
// @ts-ignore: decorator
@inline function high(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}
// @ts-ignore: decorator
@inline function firstHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}
// @ts-ignore: decorator
@inline function secondHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** Four lines that each lie together, `width` bytes apart in the panel: transposed four by four. */
// @ts-ignore: decorator
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
function packColumns4(to: usize, from: usize, depth: i32, line: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    transpose4(to, 16, from, line);
    to += 64;
    from += 16;
  }
  if (k < depth) packEdge(to, from, depth - k, 4, line, ROWS, ROWS);
}

function multiply4x8(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  stride: usize,
  onto: usize,
  ontoStride: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + (<usize>depth * 16);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a, 0);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    a += 16;
    b += 32;
  }
  if (onto !== 0) {
    c00 = f32x4.add(c00, v128.load(onto));
    c01 = f32x4.add(c01, v128.load(onto, 16));
    onto += ontoStride;
    c10 = f32x4.add(c10, v128.load(onto));
    c11 = f32x4.add(c11, v128.load(onto, 16));
    onto += ontoStride;
    c20 = f32x4.add(c20, v128.load(onto));
    c21 = f32x4.add(c21, v128.load(onto, 16));
    onto += ontoStride;
    c30 = f32x4.add(c30, v128.load(onto));
    c31 = f32x4.add(c31, v128.load(onto, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += stride;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += stride;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += stride;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}
