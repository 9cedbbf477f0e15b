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

/** Rows of A that a thread packs and multiplies at a time: 96 kB, well within a second-level cache. */
const STRIPE = 96;
/** The kernel computes 4 rows and 8 columns at a time, over 256 rows of B. */
const ROWS = 4;
const COLUMNS = 8;
const DEPTH = 256;
/** B is packed in parts of at most so many floats. */
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
  const columns = Math.min(
    roundUp(n, COLUMNS),
    Math.max(COLUMNS, Math.floor(PACKED / Math.max(k, 1) / COLUMNS) * COLUMNS),
  );
  const stripe = Math.min(STRIPE, roundUp(Math.ceil(m / (simd.threads === 1 ? 1 : 2 * simd.threads)), ROWS));
  const packedA = simd.scratch('a', 4 * simd.threads * (DEPTH * stripe + ROWS * COLUMNS));
  const packedB = simd.scratch('b', 4 * k * columns);
  const out = backend.makeOutput([...batches, m, n], 'float32');
  if (k === 0) backend.typedArrayFromHeap(out).fill(0);
  if (k === 0 || util.sizeFromShape(out.shape) === 0) return out;

  const biasAt = bias === undefined ? 0 : addressOf(backend, bias);
  const aBatches = batchOffsets(a, batches);
  const bBatches = batchOffsets(b, batches);
  for (let batch = 0; batch < aBatches.length; batch++) {
    simd.exports.product(
      simd.control,
      m,
      n,
      k,
      addressOf(backend, a) + 4 * aBatches[batch]!,
      transposeA ? 1 : aWide,
      transposeA ? aWide : 1,
      addressOf(backend, b) + 4 * bBatches[batch]!,
      transposeB ? 1 : bWide,
      transposeB ? bWide : 1,
      addressOf(backend, out) + 4 * batch * m * n,
      biasAt,
      packedB,
      packedA,
      stripe,
      columns,
    );
  }
  return out;
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
