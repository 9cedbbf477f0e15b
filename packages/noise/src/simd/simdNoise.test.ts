import {afterEach, describe, expect, it, vi} from 'vitest';
import {type NoiseKind, noiseKinds} from '../noiseKind.js';
import {scalarNoise} from '../scalarNoise.js';
import {simdModule} from './simdModule.js';
import {simdNoise} from './simdNoise.js';
import {simdPerturbed} from './simdPerturbed.js';

const key = [0x13198a2e, -5] as const;
/** More than fits into the memory that the module begins with. */
const MANY = 40_001;
const lengths = [
  0,
  1,
  2,
  3,
  4,
  5,
  7,
  8,
  9,
  15,
  16,
  17,
  31,
  32,
  33,
  63,
  64,
  65,
  1000,
  1023,
  1024,
  1025,
  16_127,
  16_128,
  16_129,
  MANY,
];

const {perturbChunk, scratch, at, values} = simdModule()!;
const amount = 0.3;

function refuse(): never {
  throw new Error('Refused to compile WebAssembly by the policy of the page.');
}

function refuseSize(): never {
  throw new RangeError('WebAssembly.Module(): Buffer size larger than 4KB is disallowed on the main thread.');
}

function bits(numbers: Float32Array): Int32Array {
  return new Int32Array(numbers.slice().buffer);
}

function waves(length: number): Float32Array {
  return Float32Array.from({length}, (_, i) => Math.sin(i));
}

function apply(kind: NoiseKind, x: Float32Array, noise: Float32Array): Float32Array {
  return x.map((value, i) => (kind === 'drop' ? value * noise[i]! : value + noise[i]!));
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each([...noiseKinds.entries()])('%d, %s', (number, kind) => {
  const all = scalarNoise(kind, key, MANY, amount);

  it.each(lengths)('has the bits of plain JavaScript, %d of them', (length) => {
    expect(bits(simdNoise(kind, key, length, amount)!)).toEqual(bits(all.subarray(0, length)));
  });

  it.each(lengths)('changes %d values as plain JavaScript does, and leaves them alone', (length) => {
    const x = waves(length);
    expect(bits(simdPerturbed(kind, key, x, amount)!)).toEqual(bits(apply(kind, x, all.subarray(0, length))));
    expect(x).toEqual(waves(length));
  });

  it.each([2, 6, 30, 1000, 1026, 30_002])('can begin at element %d', (first) => {
    perturbChunk(number, 0, at, ...key, first, 1337, amount, scratch);
    expect(bits(values(1337)!.subarray(0, 1337))).toEqual(bits(all.subarray(first, first + 1337)));
  });

  it.each([1, 31, 32, 33, 1337])('writes %d values into another place, and nothing beyond', (size) => {
    const memory = values(4 * size)!;
    const x = memory.subarray(0, size);
    const y = memory.subarray(2 * size, 3 * size + 1);
    x.set(waves(size));
    y[size] = 123;
    perturbChunk(number, at, at + 8 * size, ...key, 0, size, amount, scratch);
    expect(y.slice(0, size)).toEqual(apply(kind, waves(size), all));
    expect(x).toEqual(waves(size));
    expect(y[size]).toBe(123);
  });
});

describe('simdNoise', () => {
  it('writes into the memory that it gave before', () => {
    const before = simdNoise('normal', key, 10, 1)!;
    const after = simdNoise('uniform', key, 10, 1)!;
    expect(after.buffer).toBe(before.buffer);
    expect(before).toEqual(after);
  });

  it('has values of their own for what is perturbed', () => {
    const perturbed = simdPerturbed('uniform', key, new Float32Array(10), 1)!;
    const kept = perturbed.slice();
    simdNoise('normal', key, 10, 1);
    expect(perturbed).toEqual(kept);
  });

  it('is undefined where there is not so much memory', () => {
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('Maximum memory size exceeded');
    });
    expect(simdNoise('normal', key, 100 * MANY, 1)).toBeUndefined();
    expect(simdNoise('normal', key, 10, 1)).toEqual(scalarNoise('normal', key, 10, 1));
  });

  it.each([
    ['there is no WebAssembly', undefined],
    ['it may not be compiled', {Module: refuse}],
    ['it may not be compiled at once, being too long', {Module: refuseSize}],
  ])('is undefined where %s', async (_, replacement) => {
    vi.stubGlobal('WebAssembly', replacement);
    vi.resetModules();
    const fresh = await import('./simdNoise.js');
    expect(fresh.simdNoise('normal', key, 10, 1)).toBeUndefined();
  });
});
