import {broadcast_util, type TensorInfo, util} from '@tensorflow/tfjs-core';
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {SimdKernels} from '../simd/simdKernels.js';
import {addressOf} from './override.js';

/** Two stacks of matrices, and a bias for every column. */
export interface Factors {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: TensorInfo;
}

/** The kernel computes 4 rows and 8 columns at a time. */
const ROWS = 4;
const COLUMNS = 8;
/** Rows of A that a thread takes at a time, and terms of their sums: 100 kB, well within a second-level cache. */
const STRIPE = 64;
const DEPTH = 400;
/** Multiplications that take as long as it takes a thread to wake. */
const WORTH_WAKING = 1 << 18;
/** Terms of a sum in one pass over the factors. */
const TERMS = 1 << 14;
/** Rows of A up to which the shipped kernel is the faster one. */
const THIN = 16;
/** B is packed in parts of about so many floats. */
const PACKED = 1 << 22;

/**
 * The products of two stacks of float32 matrices, (…, m, k) and (…, k, n) to (…, m, n). Transposed factors are read with
 * their strides; the axes before the last two broadcast. The bias has n values, and k is not 0 with it.
 */
export function multiply(backend: BackendWasm, simd: SimdKernels, factors: Factors): TensorInfo {
  const {a, b, transposeA, transposeB, bias} = factors;
  util.assert(
    a.shape.length >= 2 && b.shape.length >= 2,
    () => `Error in matMul: both inputs must have rank 2 or more, got shapes [${a.shape}] and [${b.shape}].`,
  );
  const [aHigh, aWide] = a.shape.slice(-2) as [number, number];
  const [bHigh, bWide] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aWide, aHigh] : [aHigh, aWide];
  const [bDepth, n] = transposeB ? [bWide, bHigh] : [bHigh, bWide];
  util.assert(
    k === bDepth,
    () =>
      `Error in matMul: inner shapes (${k}) and (${bDepth}) of Tensors with shapes ${a.shape} and ${b.shape} and ` +
      `transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const batches = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batches, m, n];
  if (k === 0 || util.sizeFromShape(shape) === 0) {
    const zeros = backend.makeOutput(shape, 'float32');
    backend.typedArrayFromHeap(zeros).fill(0);
    return zeros;
  }

  const wake = m * n * k >= WORTH_WAKING;
  // Equal parts, as many for each thread: the last one is what all wait for.
  const parts = wake ? Math.ceil(m / (STRIPE * simd.threads)) * simd.threads : 1;
  const stripe = roundUp(m / parts, ROWS);
  const terms = Math.min(k, TERMS);
  const depth = Math.ceil(terms / Math.ceil(terms / DEPTH));
  const columns = Math.min(roundUp(n, COLUMNS), roundUp(PACKED / terms, COLUMNS));
  // Before the output: nothing is left behind where there is no memory for it.
  const packedA = simd.scratch('a', 4 * simd.threads * (depth * stripe + ROWS * COLUMNS));
  const packedB = simd.scratch('b', 4 * terms * columns);
  const out = backend.makeOutput(shape, 'float32');

  const biasAt = bias === undefined ? 0 : addressOf(backend, bias);
  const [aRow, aColumn] = transposeA ? [1, aWide] : [aWide, 1];
  const [bRow, bColumn] = transposeB ? [1, bWide] : [bWide, 1];
  const aBatches = batchOffsets(a, batches);
  const bBatches = batchOffsets(b, batches);
  for (let batch = 0; batch < aBatches.length; batch++) {
    for (let first = 0; first < k; first += terms) {
      simd.exports.product(
        simd.control,
        m,
        n,
        Math.min(terms, k - first),
        addressOf(backend, a) + 4 * (aBatches[batch]! + first * aColumn),
        aRow,
        aColumn,
        addressOf(backend, b) + 4 * (bBatches[batch]! + first * bRow),
        bRow,
        bColumn,
        addressOf(backend, out) + 4 * batch * m * n,
        first === 0 ? biasAt : 0,
        packedB,
        packedA,
        stripe,
        columns,
        depth,
        first > 0,
        wake,
      );
    }
  }
  return out;
}

/**
 * Whether the shipped kernel is the faster one: with few rows to multiply, packing all of B does not pay. It has no such path
 * for transposed factors, nor stacks that broadcast.
 */
export function isThin({a, b, transposeA, transposeB}: Factors): boolean {
  if (a.shape.length < 2 || b.shape.length < 2) return false;
  const [rows, terms] = a.shape.slice(-2) as [number, number];
  if (transposeA || transposeB || rows > THIN || terms === 0 || b.shape.includes(0)) return false;
  return util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2)) && rows > 0;
}

/** Where each matrix of the broadcast stack begins, in elements. */
function batchOffsets({shape}: TensorInfo, batches: readonly number[]): number[] {
  const missing = batches.length - (shape.length - 2);
  let offsets = [0];
  let stride = util.sizeFromShape(shape);
  for (let axis = 0; axis < batches.length; axis++) {
    const size = axis < missing ? 1 : shape[axis - missing]!;
    stride /= size;
    const step = size === 1 ? 0 : stride;
    const indices = Array.from({length: batches[axis]!}, (_, index) => index * step);
    offsets = offsets.flatMap((base) => indices.map((index) => base + index));
  }
  return offsets;
}

function roundUp(x: number, to: number): number {
  return Math.ceil(x / to) * to;
}
