import {describe, expect, it} from 'vitest';
import fixtures from '../fixtures/counterNormals.json' with {type: 'json'};
import {
  correlationScore,
  kolmogorovSmirnov,
  moments,
  normalCdf,
  uniformityOf,
} from '../fixtures/statistics.js';
import {counterNormals} from './counterNormals.js';
import {deriveKey, splitNumber} from './threefry.js';

const million = 1_000_000;
const key = [42, 0] as const;

/** As {@link gradientNoise} derives it. */
function stream(seed: number, parameter: number, step: number) {
  return deriveKey(deriveKey(splitNumber(seed), [parameter, 0]), splitNumber(step));
}

describe('counterNormals equals NumPy bit for bit', () => {
  it.each(fixtures.cases)('for seed $seed, parameter $key, step $step, length $length', async (numpy) => {
    const normals = counterNormals(stream(numpy.seed, numpy.key, numpy.step), numpy.length, numpy.deviation);
    expect([...normals.subarray(0, 7)]).toEqual(numpy.first.map(Math.fround));
    const digest = await crypto.subtle.digest('SHA-256', normals as Float32Array<ArrayBuffer>);
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(hex).toBe(numpy.sha256);
  });
});

describe('counterNormals', () => {
  it.each([0, 1, 2, 7])('gives %d numbers, the beginning of a longer list', (length) => {
    expect(counterNormals(key, length, 1)).toEqual(counterNormals(key, 100, 1).slice(0, length));
  });

  it('scales with the deviation', () => {
    const [, variance] = moments(counterNormals(key, million, 0.1));
    expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(4 * Math.sqrt(2 / million));
  });
});

// Every figure below is a standard score or has a known distribution; with these fixed keys it is always the same.
describe('a million counterNormals', () => {
  const sample = counterNormals(key, million, 1);

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

describe('ten million counterNormals', () => {
  const sample = counterNormals([7, 0], 10 * million, 1);

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
});

describe('counterNormals of neighbours', () => {
  const base = counterNormals(stream(0, 1, 0), million, 1);

  it.each([
    ['step', stream(0, 1, 1)],
    ['parameter', stream(0, 2, 0)],
    ['seed', stream(1, 1, 0)],
    ['parameter, one bit away', stream(0, 1 + 2 ** 31, 0)],
    ['step, where parameter and step change places', stream(0, 0, 1)],
  ])('do not correlate with those of the next %s', (_, other) => {
    const score = correlationScore(base, counterNormals(other, million, 1));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it.each([
    ['seeds', (i: number) => stream(i, 0x811c9dc5, 0)],
    ['steps', (i: number) => stream(42, 0x811c9dc5, i)],
    ['parameters', (i: number) => stream(42, i, 0)],
  ])('are normal and independent over a row of %s, too', (_, streamAt) => {
    const count = 100_000;
    const firsts = Float32Array.from({length: count}, (_, i) => counterNormals(streamAt(i), 1, 1)[0]!);
    expect(kolmogorovSmirnov(firsts)).toBeLessThan(1.63);
    const score = correlationScore(firsts.subarray(0, -1), firsts.subarray(1));
    expect(Math.abs(score)).toBeLessThan(4);
  });
});
