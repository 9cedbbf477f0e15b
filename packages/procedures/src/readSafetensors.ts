import {describeValue} from '@gradwire/core';
import {float16ToFloat32} from 'npyjs';
import {type FloatArrays, sizeOf} from './plainArrays.js';
import {requireBytes} from './requireBytes.js';

/** Bytes per value, and how to read one; files are little-endian. */
const KINDS: Readonly<
  Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>
> = {
  BOOL: [1, (view, at) => view.getUint8(at)],
  U8: [1, (view, at) => view.getUint8(at)],
  I8: [1, (view, at) => view.getInt8(at)],
  U16: [2, (view, at) => view.getUint16(at, true)],
  I16: [2, (view, at) => view.getInt16(at, true)],
  F16: [2, (view, at) => float16ToFloat32(view.getUint16(at, true))],
  BF16: [2, (view, at) => upperHalf(view.getUint16(at, true))],
  U32: [4, (view, at) => view.getUint32(at, true)],
  I32: [4, (view, at) => view.getInt32(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  U64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  F64: [8, (view, at) => view.getFloat64(at, true)],
};

/** The longest header that the format's own implementation takes. */
const LONGEST_HEADER = 100_000_000;

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the arrays of a `.safetensors` file, as Hugging Face's libraries write it.
 *
 * All numbers become float32, which tfjs computes with: float64 is rounded, integers beyond 2²⁴ too. Booleans are 0 and 1. Nothing that
 * the header says is believed: every offset is checked against the file, and arrays must fill it without gap or overlap.
 *
 * @param bytes the whole file.
 * @throws TypeError if `bytes` are no bytes.
 * @throws Error that says what is wrong with the file, and with which array.
 * @example
 * ```ts
 * import {readSafetensors} from '@gradwire/procedures';
 *
 * const header = new TextEncoder().encode('{"bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}');
 * const file = new Uint8Array(8 + header.length + 8);
 * file[0] = header.length;
 * file.set(header, 8);
 * file.set(new Uint8Array(Float32Array.of(1, 2).buffer), 8 + header.length);
 * console.log([...readSafetensors(file)['bias']!.data]); // [1, 2]
 * ```
 * @see https://huggingface.co/docs/safetensors
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): FloatArrays {
  const file = requireBytes('readSafetensors', bytes);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = file.length < 8 ? undefined : view.getBigUint64(0, true);
  if (length === undefined || length > BigInt(Math.min(file.length - 8, LONGEST_HEADER))) {
    fail(`a header of ${length ?? 'unknown'} bytes does not fit into a file of ${file.length}`);
  }
  const start = 8 + Number(length);
  const entries = readHeader(file.subarray(8, start));
  let filled = 0;
  for (const {name, begin, end} of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== filled) fail(`array '${name}' begins at ${begin}, the one before it ends at ${filled}`);
    filled = end;
  }
  if (filled !== file.length - start) {
    fail(`its arrays have ${filled} bytes, the file has room for ${file.length - start}`);
  }
  return Object.fromEntries(
    entries.map(({name, dtype, shape, begin}) => {
      const [width, read] = KINDS[dtype]!;
      const data = Float32Array.from({length: sizeOf(shape)}, (_, i) =>
        read(view, start + begin + i * width),
      );
      return [name, {shape, data}];
    }),
  );
}

function readHeader(bytes: Uint8Array): Entry[] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  } catch {
    fail('its header is no JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    fail('its header is no JSON object');
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry));
}

function readEntry(name: string, entry: unknown): Entry {
  const {dtype, shape, data_offsets: offsets} = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const [width] = typeof dtype === 'string' && Object.hasOwn(KINDS, dtype) ? KINDS[dtype]! : [];
  if (width === undefined) fail(`array '${name}' has numbers of type ${describeValue(dtype)}`);
  if (!areLengths(shape)) fail(`array '${name}' has no shape`);
  if (!areLengths(offsets) || offsets.length !== 2) fail(`array '${name}' has no data_offsets`);
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * width;
  if (end - begin !== size) {
    fail(`array '${name}' of shape [${shape.join(', ')}] needs ${size} bytes and has ${end - begin}`);
  }
  return {name, dtype: dtype as string, shape, begin, end};
}

function areLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

/** A bfloat16 is a float32 without its lower 16 bits. */
function upperHalf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}

function fail(why: string): never {
  throw new Error(`readSafetensors: this is no .safetensors file: ${why}.`);
}
