import {describe, expect, it} from 'vitest';
import fixtures from '../fixtures/counterNoise.json' with {type: 'json'};
import {
  correlationScore,
  kolmogorovSmirnov,
  moments,
  normalCdf,
  uniformityOf,
} from '../fixtures/statistics.js';
import {counterNoise} from './counterNoise.js';
import type {NoiseKind} from './noiseKind.js';
import {deriveKey, splitNumber, type WordPair} from './threefry.js';

const million = 1_000_000;
const key = [42, 0] as const;

/** As {@link gradientNoise} derives it. */
function stream(seed: number, parameter: number, step: number): WordPair {
  return deriveKey(deriveKey(splitNumber(seed), [parameter, 0]), splitNumber(step));
}

function normals(from: WordPair, length: number): Float32Array {
  return noiseOf('normal', from, length, 1);
}

/** {@link counterNoise}, to keep. */
function noiseOf(...given: Parameters<typeof counterNoise>): Float32Array {
  return counterNoise(...given).slice();
}

describe('counterNoise equals NumPy bit for bit', () => {
  it.each(fixtures.cases)(
    'for $kind, seed $seed, parameter $key, step $step, length $length',
    async ({kind, seed, key: parameter, step, length, amount, first, sha256}) => {
      const noise = noiseOf(kind as NoiseKind, stream(seed, parameter, step), length, amount);
      expect([...noise.subarray(0, 7)]).toEqual(first.map(Math.fround));
      const digest = await crypto.subtle.digest('SHA-256', noise as Float32Array<ArrayBuffer>);
      const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
      expect(hex).toBe(sha256);
    },
  );
});

describe('counterNoise', () => {
  it.each([0, 1, 2, 7])('gives %d numbers, the beginning of a longer list', (length) => {
    expect(normals(key, length)).toEqual(normals(key, 100).slice(0, length));
  });

  it('is the amount times the noise of amount 1, rounded once', () => {
    const scaled = noiseOf('normal', key, 1001, 0.1);
    expect(scaled).toEqual(normals(key, 1001).map((x) => Math.fround(0.1) * x));
  });
});

// Every figure below is a standard score or has a known distribution; with these fixed keys it is always the same.
describe('a million normal numbers', () => {
  const sample = normals(key, million);

  it('have the first four moments of the normal distribution', () => {
    const [mean, variance, skewness, kurtosis] = moments(sample);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / million));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / million));
    expect(Math.abs(skewness)).toBeLessThan(4 * Math.sqrt(6 / million));
    expect(Math.abs(kurtosis)).toBeLessThan(4 * Math.sqrt(24 / million));
  });

  it('pass the test of Kolmogorov and Smirnov', () => {
    expect(kolmogorovSmirnov(sample)).toBeLessThan(1.63);
  });

  it.each([1, 2, 3, 64, 1024])('do not correlate with those %d places on', (lag) => {
    const score = correlationScore(sample.subarray(0, -lag), sample.subarray(lag));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it.each([1, 2])('do not correlate in magnitude with those %d places on', (lag) => {
    const squares = sample.map((x) => x * x);
    const score = correlationScore(squares.subarray(0, -lag), squares.subarray(lag));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it.each([
    ['pairs', 2, 64],
    ['triples', 3, 16],
    ['fours', 4, 8],
  ])('fill the cube evenly as %s, without a lattice', (_, dimensions, parts) => {
    const counts = new Int32Array(parts ** dimensions);
    for (let i = 0; i + dimensions <= million; i += dimensions) {
      let cell = 0;
      for (let d = 0; d < dimensions; d++)
        cell = cell * parts + Math.floor(normalCdf(sample[i + d]!) * parts);
      counts[cell]!++;
    }
    expect(Math.abs(uniformityOf(counts))).toBeLessThan(4);
  });
});

describe('ten million normal numbers', () => {
  const sample = normals([7, 0], 10 * million);

  it.each([
    [3, 2.699796063e-3],
    [4, 6.334248367e-5],
    [4.5, 6.795346249e-6],
    [5, 5.733031437e-7],
  ])('exceed %d deviations as often as they should', (bound, probability) => {
    const count = sample.reduce((sum, x) => sum + Number(Math.abs(x) > bound), 0);
    const expected = probability * sample.length;
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('are as often near 0 as they should, and never 0', () => {
    const count = sample.reduce((sum, x) => sum + Number(Math.abs(x) < 1e-3), 0);
    const expected = 1e-3 * Math.sqrt(2 / Math.PI) * sample.length;
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(sample.includes(0)).toBe(false);
  });
});

describe('normal numbers of neighbours', () => {
  const base = normals(stream(0, 1, 0), million);

  it.each([
    ['step', stream(0, 1, 1)],
    ['parameter', stream(0, 2, 0)],
    ['seed', stream(1, 1, 0)],
    ['parameter, one bit away', stream(0, 1 + 2 ** 31, 0)],
    ['step, where parameter and step change places', stream(0, 0, 1)],
  ])('do not correlate with those of the next %s', (_, other) => {
    const score = correlationScore(base, normals(other, million));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it.each([
    ['seeds', (i: number) => stream(i, 0x811c9dc5, 0)],
    ['steps', (i: number) => stream(42, 0x811c9dc5, i)],
    ['parameters', (i: number) => stream(42, i, 0)],
  ])('are normal and independent over a row of %s, too', (_, streamAt) => {
    const count = 100_000;
    const firsts = Float32Array.from({length: count}, (_, i) => normals(streamAt(i), 1)[0]!);
    expect(kolmogorovSmirnov(firsts)).toBeLessThan(1.63);
    const score = correlationScore(firsts.subarray(0, -1), firsts.subarray(1));
    expect(Math.abs(score)).toBeLessThan(4);
  });
});

describe('a million uniform numbers', () => {
  const sample = noiseOf('uniform', key, million, 1);

  it('have the mean, the variance and the skewness of (-1, 1)', () => {
    const [mean, variance, skewness] = moments(sample);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 3 / million));
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / million));
    expect(Math.abs(skewness)).toBeLessThan(4 * Math.sqrt(27 / 7 / million));
  });

  it('pass the test of Kolmogorov and Smirnov', () => {
    expect(kolmogorovSmirnov(sample, (x) => (x + 1) / 2)).toBeLessThan(1.63);
  });

  it('are odd multiples of 2⁻²⁴ between -1 and 1: their mirror images are as many', () => {
    expect(sample.every((x) => Math.abs(x) < 1 && Math.abs((x * 2 ** 24) % 2) === 1)).toBe(true);
  });

  it.each([1, 2])('do not correlate with those %d places on', (lag) => {
    const score = correlationScore(sample.subarray(0, -lag), sample.subarray(lag));
    expect(Math.abs(score)).toBeLessThan(4);
  });
});

describe('the mask of drop', () => {
  it.each([0.001, 0.1, 0.5, 0.9])('is 0 at the rate %d, and 1 / (1 - rate) elsewhere', (rate) => {
    const mask = noiseOf('drop', key, million, rate);
    const dropped = mask.reduce((sum, factor) => sum + Number(factor === 0), 0);
    expect(Math.abs(dropped - rate * million)).toBeLessThan(4 * Math.sqrt(rate * (1 - rate) * million));
    const scale = Math.fround(1 / Math.fround(1 - Math.fround(rate)));
    expect(mask.every((factor) => factor === 0 || factor === scale)).toBe(true);
  });

  it('keeps everything at the rate 0', () => {
    expect(noiseOf('drop', key, 1000, 0).every((factor) => factor === 1)).toBe(true);
  });
});
