import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf} from '../overrides/override.js';
import type {SimdKernels} from '../simd/simdKernels.js';

/** What a job is to know of one tensor. */
export interface JointRow {
  readonly tensor: TensorInfo;
  /** Where results go. Default: nowhere. */
  readonly to?: TensorInfo;
  readonly divisor?: number;
  readonly shift?: number;
}

/** A job on many tensors, cut into chunks. */
export interface JointTable {
  /** Where it is written, as `assembly/table.ts` describes it. */
  readonly at: number;
  readonly rows: number;
  readonly chunks: number;
  /** Room for what every chunk leaves. */
  readonly partials: number;
  /** Whether there is enough to do to wake other threads. */
  readonly wake: boolean;
}

/** Elements of a chunk: 64 kB. Sums are taken chunk by chunk, so results depend on this, and not on who computes them. */
export const CHUNK = 1 << 14;
/** Elements that take as long as it takes a thread to wake. */
const WORTH_WAKING = 1 << 18;
const ROW_BYTES = 24;

/**
 * Describes tensors to a job of the module; good until the next one.
 *
 * @param partialBytes what every chunk leaves; a multiple of 8.
 */
export function jointTable(
  backend: BackendWasm,
  simd: SimdKernels,
  rows: readonly JointRow[],
  partialBytes = 0,
): JointTable {
  const sizes = rows.map(({tensor}) => util.sizeFromShape(tensor.shape));
  let chunks = 0;
  const firsts = sizes.map((size) => {
    const first = chunks;
    chunks += Math.ceil(size / CHUNK);
    return first;
  });
  const at = simd.scratch('joint', rows.length * ROW_BYTES + chunks * partialBytes);
  const words = rows.length * (ROW_BYTES / 4);
  const integers = new Uint32Array(simd.memory.buffer, at, words);
  const floats = new Float32Array(integers.buffer, at, words);
  rows.forEach(({tensor, to, divisor = 1, shift = 0}, i) => {
    const row = i * (ROW_BYTES / 4);
    integers[row] = addressOf(backend, tensor);
    integers[row + 1] = sizes[i]!;
    integers[row + 2] = to === undefined ? 0 : addressOf(backend, to);
    integers[row + 3] = firsts[i]!;
    floats[row + 4] = divisor;
    floats[row + 5] = shift;
  });
  return {
    at,
    rows: rows.length,
    chunks,
    partials: at + rows.length * ROW_BYTES,
    wake: simd.threads > 1 && sizes.reduce((sum, size) => sum + size, 0) >= WORTH_WAKING,
  };
}
