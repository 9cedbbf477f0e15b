import {
  A,
  A_COLUMN,
  A_ROW,
  B,
  BIAS,
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
  ROWS,
  STRIPE,
  divideUp,
} from './blocks';
import {madd} from './madd';
import {packColumns4, packEdge, packRows4} from './pack';

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
  const most = load<i32>(given, DEPTH);
  const padded = divideUp(count, COLUMNS) * COLUMNS;
  const packedA = load<usize>(given, PACKED_A) + ((<usize>index * (most * stripe + ROWS * COLUMNS)) << 2);
  const corner = packedA + ((<usize>most * stripe) << 2);
  const i0 = chunk * stripe;
  const high = min(stripe, load<i32>(given, M) - i0);
  const a = load<usize>(given, A) + <usize>i0 * row;
  const c = load<usize>(given, C) + ((<usize>i0 * n + first) << 2);
  const stride = <usize>n << 2;
  const ontoC = load<i32>(given, ONTO) !== 0;
  for (let k0 = 0; k0 < k; k0 += most) {
    const depth = min(most, k - k0);
    const adds = ontoC || k0 > 0;
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
      const onto: usize = !adds && bias !== 0 ? bias + ((<usize>first + j) << 2) : 0;
      for (let i = 0; i < high; i += ROWS) {
        const panelA = packedA + ((<usize>i * depth) << 2);
        const tall = min(ROWS, high - i);
        const to = c + <usize>i * stride + (<usize>j << 2);
        if (wide === COLUMNS && tall === ROWS) {
          multiply4x8(panelA, panelB, depth, to, stride, adds ? to : onto, adds ? stride : 0);
        } else {
          multiply4x8(panelA, panelB, depth, corner, COLUMNS << 2, 0, 0);
          addCorner(corner, to, stride, adds ? to : onto, adds ? stride : 0, tall, wide);
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
    // One load and four shuffles: V8 does loads first, each into a register of its own, and shuffles where they are needed.
    const x = v128.load(a);
    const a0 = v128.shuffle<f32>(x, x, 0, 0, 0, 0);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    const a1 = v128.shuffle<f32>(x, x, 1, 1, 1, 1);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    const a2 = v128.shuffle<f32>(x, x, 2, 2, 2, 2);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    const a3 = v128.shuffle<f32>(x, x, 3, 3, 3, 3);
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
