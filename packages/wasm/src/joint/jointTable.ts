import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf} from '../overrides/override.js';
import type {SimdKernels} from '../simd/simdKernels.js';

/** What a job is to know of one tensor. */
export interface JointRow {
  readonly tensor: TensorInfo;
  /** Where results go. Default: nowhere. */
  readonly to?: TensorInfo;
  /** Numbers of its own; float32. */
  readonly numbers?: readonly [first: number, second?: number];
  /** Elements of a chunk; default: {@link CHUNK}. */
  readonly chunk?: number;
  /** Integers of its own: the key of a stream of noise, sizes, addresses. */
  readonly words?: readonly [first: number, second?: number, third?: number];
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
/** Elements that take as long as it takes a thread to wake, where memory is what they wait for. */
const WORTH_WAKING = 1 << 18;
const ROW_BYTES = 40;

/** What a job needs besides its rows. */
export interface JointNeeds {
  /** What every chunk leaves; a multiple of 8. Default: nothing. */
  readonly partialBytes?: number;
  /** Elements from which on other threads are woken. Default: 2¹⁸. */
  readonly worthWaking?: number;
}

/** Describes tensors to a job of the module; good until the next one. */
export function jointTable(
  backend: BackendWasm,
  simd: SimdKernels,
  rows: readonly JointRow[],
  {partialBytes = 0, worthWaking = WORTH_WAKING}: JointNeeds = {},
): JointTable {
  const sizes = rows.map(({tensor}) => util.sizeFromShape(tensor.shape));
  let chunks = 0;
  const firsts = sizes.map((size, i) => {
    const first = chunks;
    chunks += Math.ceil(size / (rows[i]!.chunk ?? CHUNK));
    return first;
  });
  const at = simd.scratch('joint', rows.length * ROW_BYTES + chunks * partialBytes);
  const length = rows.length * (ROW_BYTES / 4);
  const integers = new Uint32Array(simd.memory.buffer, at, length);
  const floats = new Float32Array(integers.buffer, at, length);
  rows.forEach(({tensor, to, chunk = CHUNK, numbers = [0], words = [0]}, i) => {
    const row = i * (ROW_BYTES / 4);
    integers[row] = addressOf(backend, tensor);
    integers[row + 1] = sizes[i]!;
    integers[row + 2] = to === undefined ? 0 : addressOf(backend, to);
    integers[row + 3] = firsts[i]!;
    integers[row + 4] = chunk;
    floats[row + 5] = numbers[0];
    floats[row + 6] = numbers[1] ?? 0;
    integers[row + 7] = words[0];
    integers[row + 8] = words[1] ?? 0;
    integers[row + 9] = words[2] ?? 0;
  });
  return {
    at,
    rows: rows.length,
    chunks,
    partials: at + rows.length * ROW_BYTES,
    wake: simd.threads > 1 && sizes.reduce((sum, size) => sum + size, 0) >= worthWaking,
  };
}
