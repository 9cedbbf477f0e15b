import {afterEach, describe, expect, it, vi} from 'vitest';
import {noiseKinds} from '../noiseKind.js';
import {scalarNoise} from '../scalarNoise.js';
import {binary} from './binary.js';
import {simdNoise} from './simdNoise.js';

const key = [0x13198a2e, -5] as const;
/** More than the module's memory holds, so in several pieces. */
const MANY = 40_001;

interface Exports {
  readonly memory: WebAssembly.Memory;
  perturbChunk(...args: number[]): void;
}

const {exports} = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(Buffer.from(binary, 'base64'))),
);
const {memory, perturbChunk} = exports as unknown as Exports;
const SCRATCH_BYTES = 4096;

function refuse(): never {
  throw new Error('Refused to compile WebAssembly by the policy of the page.');
}

function bits(values: Float32Array): Int32Array {
  return new Int32Array(values.slice().buffer);
}

afterEach(() => vi.unstubAllGlobals());

describe.each([...noiseKinds.entries()])('%d, %s', (number, kind) => {
  const all = scalarNoise(kind, key, MANY, 0.3);

  it.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 1000, 1023, 1024, 1025, 15_360, 15_361, MANY])(
    'has the bits of plain JavaScript, %d of them',
    (length) => {
      expect(bits(simdNoise(kind, key, length, 0.3)!)).toEqual(bits(all.subarray(0, length)));
    },
  );

  it.each([2, 6, 30, 1000, 1026, 30_002])('can begin at element %d', (first) => {
    perturbChunk(number, 0, SCRATCH_BYTES, ...key, first, 1337, 0.3, 0);
    const noise = new Float32Array(memory.buffer, SCRATCH_BYTES, 1337);
    expect(bits(noise)).toEqual(bits(all.subarray(first, first + 1337)));
  });

  it.each([
    ['into another place', 8192],
    ['in place', 0],
  ])('is added or multiplied %s, and nothing is written past the end', (_, distance) => {
    const size = 1337;
    const x = new Float32Array(memory.buffer, SCRATCH_BYTES, size + 1);
    x.forEach((_, i) => (x[i] = Math.sin(i)));
    const was = x.slice();
    const y = new Float32Array(memory.buffer, SCRATCH_BYTES + distance, size + 1);
    y[size] = 123;
    perturbChunk(number, x.byteOffset, y.byteOffset, ...key, 0, size, 0.3, 0);
    expect(y.slice(0, size)).toEqual(
      was.slice(0, size).map((value, i) => (kind === 'drop' ? value * all[i]! : value + all[i]!)),
    );
    expect(y[size]).toBe(123);
  });
});

describe('simdNoise', () => {
  it.each([
    ['there is no WebAssembly', undefined],
    ['it may not be compiled', {Module: refuse}],
  ])('is undefined where %s', async (_, replacement) => {
    vi.stubGlobal('WebAssembly', replacement);
    vi.resetModules();
    const fresh = await import('./simdNoise.js');
    expect(fresh.simdNoise('normal', key, 10, 1)).toBeUndefined();
  });
});
