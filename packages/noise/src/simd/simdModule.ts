import {binary} from './binary.js';

/** What the module exports; see its sources in `assembly`. Pointers are numbers of bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  perturbChunk(
    kind: number,
    x: number,
    y: number,
    k0: number,
    k1: number,
    first: number,
    count: number,
    amount: number,
    scratch: number,
  ): void;
}

/** The module at work. */
export interface SimdModule {
  /** Address of `SCRATCH_BYTES` bytes. */
  readonly scratch: number;
  /** Address of the values. */
  readonly at: number;
  readonly perturbChunk: Exports['perturbChunk'];
  /** At least so many values from `at` on, good until the next call; undefined where there is not so much memory. */
  values(length: number): Float32Array | undefined;
}

const PAGE = 65_536;
/** More than `SCRATCH_BYTES`. */
const AT = 1024;
/** So many values are there from the beginning; an even number, as blocks make two. */
export const SURE_VALUES = (PAGE - AT) / Float32Array.BYTES_PER_ELEMENT;

let compiled: {readonly module?: SimdModule} | undefined;

/** The module of this engine; undefined where there is no WebAssembly SIMD. */
export function simdModule(): SimdModule | undefined {
  compiled ??= compile();
  return compiled.module;
}

function compile(): {readonly module?: SimdModule} {
  try {
    const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const {memory, perturbChunk} = exports as unknown as Exports;
    return {module: {scratch: 0, at: AT, perturbChunk, values: valuesOf(memory)}};
  } catch {
    // No WebAssembly, or none with SIMD, or a page whose policy forbids it. Or Chrome before 115, which compiles no more than
    // 4 kB at once on a page's main thread: a RangeError.
    return {};
  }
}

function valuesOf(memory: WebAssembly.Memory): SimdModule['values'] {
  let values = new Float32Array(memory.buffer, AT);
  return (length) => {
    if (length <= values.length) return values;
    const missing = (length - values.length) * Float32Array.BYTES_PER_ELEMENT;
    try {
      memory.grow(Math.ceil(missing / PAGE));
    } catch {
      return undefined;
    }
    // Growing detaches the views that there were.
    values = new Float32Array(memory.buffer, AT);
    return values;
  };
}
