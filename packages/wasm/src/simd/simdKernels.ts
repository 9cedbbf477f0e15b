import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {binaries} from './binaries.js';
import {type Heap, requireMemory} from './requireMemory.js';

/** What the module exports; see its sources in `assembly`. Pointers and sizes are numbers of bytes. */
interface SimdExports {
  product(
    control: number,
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    bias: number,
    packedB: number,
    packedA: number,
    stripe: number,
    columns: number,
    depth: number,
    onto: boolean,
    wake: boolean,
  ): void;
  clip(x: number, y: number, size: number, low: number, high: number): void;
  tanh(control: number, x: number, y: number, size: number): void;
  tanhGradient(control: number, dy: number, y: number, dx: number, size: number): void;
  sumRows(x: number, y: number, rows: number, columns: number): void;
  normOfEach(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    partials: number,
    norms: number,
    wake: boolean,
  ): void;
  momentsOfEach(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    partials: number,
    means: number,
    deviations: number,
    wake: boolean,
  ): void;
  statisticsOfEach(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    partials: number,
    result: number,
    columns: number,
    wake: boolean,
  ): void;
  divideEach(control: number, table: number, rows: number, chunks: number, wake: boolean): void;
  perturbEach(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    kind: number,
    scratch: number,
    wake: boolean,
  ): void;
  normOfUnits(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    norms: number,
    wake: boolean,
  ): void;
  meanOfUnits(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    means: number,
    wake: boolean,
  ): void;
  divideUnits(control: number, table: number, rows: number, chunks: number, wake: boolean): void;
  signEach(control: number, table: number, rows: number, chunks: number, wake: boolean): void;
  findNonFinite(
    control: number,
    table: number,
    rows: number,
    chunks: number,
    found: number,
    wake: boolean,
  ): void;
  zeroNonFinite(control: number, table: number, rows: number, chunks: number, wake: boolean): void;
  /** Bytes of `scratch` that `perturbEach` takes for each thread. */
  readonly NOISE_BYTES: WebAssembly.Global;
}

/** The module at work on the memory of a backend. */
export interface SimdKernels {
  readonly exports: SimdExports;
  /** That of the backend. Its buffer is another one whenever it has grown. */
  readonly memory: WebAssembly.Memory;
  /** Where jobs for the threads are written. */
  readonly control: number;
  /** Threads that take chunks of a job, the calling one included. */
  readonly threads: number;
  /** A place of at least so many bytes, the same for every call with this purpose: good until the next one. */
  scratch(purpose: 'a' | 'b' | 'joint' | 'noise' | 'units', bytes: number): number;
}

/** Bytes of the block that `assembly/jobs.ts` describes. */
const CONTROL_BYTES = 128;

const kernels = new WeakMap<BackendWasm, SimdKernels | undefined>();

/** The module for this backend; undefined where there is no SIMD: then the shipped kernels have to do. */
export function simdKernelsOf(backend: BackendWasm): SimdKernels | undefined {
  if (!kernels.has(backend)) {
    const module = compile(buildsFor(memoryOf(backend)));
    kernels.set(backend, module && instantiate(backend, module, 1));
  }
  return kernels.get(backend);
}

/** Whether the module can be compiled here, so that every backend has one. */
export function hasSimd(): boolean {
  return compile([binaries.plain]) !== undefined;
}

/** Sets the module up for so many threads; returns what a worker needs to take part. */
export function shareSimdKernels(
  backend: BackendWasm,
  threads: number,
): {module: WebAssembly.Module; memory: WebAssembly.Memory; control: number} | undefined {
  const memory = memoryOf(backend);
  const module = compile(buildsFor(memory));
  if (module === undefined) return undefined;
  const simd = instantiate(backend, module, threads);
  kernels.set(backend, simd);
  return {module, memory, control: simd.control};
}

function instantiate(backend: BackendWasm, module: WebAssembly.Module, threads: number): SimdKernels {
  const memory = memoryOf(backend);
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  const heap = backend.wasm as unknown as Heap;
  requireMemory(heap);
  const {_malloc: allocate, _free: free} = heap;
  const control = allocate(CONTROL_BYTES) >>> 0;
  new Uint8Array(memory.buffer, control, CONTROL_BYTES).fill(0);
  const places = {
    a: {at: 0, bytes: 0},
    b: {at: 0, bytes: 0},
    joint: {at: 0, bytes: 0},
    noise: {at: 0, bytes: 0},
    units: {at: 0, bytes: 0},
  };
  return {
    exports: exports as unknown as SimdExports,
    memory,
    control,
    threads,
    scratch(purpose, bytes) {
      const place = places[purpose];
      if (place.bytes < bytes) {
        if (place.bytes > 0) free(place.at);
        place.bytes = 0;
        place.at = allocate(bytes) >>> 0;
        place.bytes = bytes;
      }
      return place.at;
    },
  };
}

/** With fused multiply-add where the engine knows it. */
function buildsFor({buffer}: WebAssembly.Memory): readonly string[] {
  // Not by instanceof: in a realm of its own, as test runners make them, it is another class.
  const shared = Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
  return shared ? [binaries.relaxedShared, binaries.plainShared] : [binaries.relaxed, binaries.plain];
}

/** The first that this engine takes. */
function compile(builds: readonly string[]): WebAssembly.Module | undefined {
  for (const base64 of builds) {
    const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    if (!WebAssembly.validate(binary)) continue;
    try {
      return new WebAssembly.Module(binary);
    } catch (error) {
      // Chrome before 115 compiles no more than 4 kB at once on a page's main thread.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/** Of the shipped modules, the threaded one is given its memory and the others bring their own. */
function memoryOf({wasm}: BackendWasm): WebAssembly.Memory {
  const {wasmMemory, asm} = wasm as unknown as {
    readonly wasmMemory?: WebAssembly.Memory;
    readonly asm: {readonly memory?: WebAssembly.Memory};
  };
  const memory = wasmMemory ?? asm.memory;
  if (memory === undefined) throw new Error('prepareWasm: this build of the wasm backend hides its memory.');
  return memory;
}
