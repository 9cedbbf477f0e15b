import {type NoiseKind, noiseKinds} from '../noiseKind.js';
import type {WordPair} from '../threefry.js';
import {binary} from './binary.js';

/** What the module exports; see its sources in `assembly`. Pointers are numbers of bytes. */
interface SimdModule {
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

/** The module has one page of memory: `SCRATCH_BYTES` first, the rest for results. */
const RESULTS = 4096;
const MOST = (65_536 - RESULTS) / Float32Array.BYTES_PER_ELEMENT;

let compiled: {readonly module?: SimdModule} | undefined;

/** {@link counterNoise} by WebAssembly SIMD; undefined where there is none. */
export function simdNoise(
  kind: NoiseKind,
  key: WordPair,
  length: number,
  amount: number,
): Float32Array | undefined {
  compiled ??= compile();
  const {module} = compiled;
  if (module === undefined) return undefined;
  const number = noiseKinds.indexOf(kind);
  const noise = new Float32Array(length);
  for (let first = 0; first < length; first += MOST) {
    const count = Math.min(MOST, length - first);
    module.perturbChunk(number, 0, RESULTS, key[0], key[1], first, count, amount, 0);
    noise.set(new Float32Array(module.memory.buffer, RESULTS, count), first);
  }
  return noise;
}

function compile(): {readonly module?: SimdModule} {
  try {
    const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return {module: exports as unknown as SimdModule};
  } catch {
    // No WebAssembly, or none with SIMD, or a page whose policy forbids it.
    return {};
  }
}
