import {unzipSync} from 'fflate';
import {type NpyArray, parse} from 'npyjs';
import {type FloatArrays, sizeOf} from './plainArrays.js';
import {requireBytes} from './requireBytes.js';

/**
 * Reads the arrays of an `.npz` file, as `np.savez` and `np.savez_compressed` write it.
 *
 * All numbers become float32, which tfjs computes with: float64 is rounded, integers beyond 2²⁴ too. Booleans are 0 and 1. Arrays in
 * Fortran's order are brought into C's. Unzips with fflate, parses with npyjs.
 *
 * @param bytes the whole file.
 * @throws TypeError if `bytes` are no bytes.
 * @throws Error that names the array which is damaged, of complex numbers or strings, or in the byte order of other machines.
 * @example
 * ```ts
 * import {readNpz} from '@gradwire/procedures';
 * import {zipSync} from 'fflate';
 * import {dump} from 'npyjs';
 *
 * const file = zipSync({'kernel.npy': new Uint8Array(dump(Float32Array.of(1, 2, 3, 4), [2, 2]))});
 * console.log(readNpz(file)['kernel']?.shape); // [2, 2]
 * ```
 */
export function readNpz(bytes: Uint8Array | ArrayBuffer): FloatArrays {
  const file = requireBytes('readNpz', bytes);
  const entries = attempt('readNpz: this is no .npz file', () =>
    unzipSync(file, {filter: ({name}) => name.endsWith('.npy')}),
  );
  return Object.fromEntries(
    Object.entries(entries).map(([entry, npy]) => {
      const name = entry.slice(0, -'.npy'.length);
      return [name, attempt(`readNpz: array '${name}' cannot be read`, () => readNpy(npy))];
    }),
  );
}

function readNpy(bytes: Uint8Array): FloatArrays[string] {
  // A copy, since views of 8-byte numbers must begin at a multiple of 8.
  const {data, shape, dtype, fortranOrder} = parse(bytes.slice().buffer);
  const size = sizeOf(shape);
  if (/^[cU]/.test(dtype)) throw new Error(`numbers of type ${dtype} are none that a weight has`);
  if (!Number.isSafeInteger(size)) throw new Error(`its shape is [${shape.join(', ')}]`);
  const values = floats(data);
  if (values.length !== size) {
    throw new Error(`shape [${shape.join(', ')}] means ${size} values, there are ${values.length}`);
  }
  return {shape, data: fortranOrder ? rowByRow(values, shape) : values};
}

function floats(data: NpyArray['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  const numbers = data as unknown as ArrayLike<number | bigint | boolean>;
  return Float32Array.from(numbers, Number);
}

/** Values whose first axis varies fastest, as values whose last axis does. */
function rowByRow(values: Float32Array, shape: readonly number[]): Float32Array {
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  return Float32Array.from(values, () => {
    const from = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
    return values[from]!;
  });
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}.`, {cause: error});
  }
}
