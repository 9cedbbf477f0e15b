import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, expectNear, largest, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
import {prepareWasm} from '../prepareWasm.js';
import {simdKernelsOf} from '../simd/simdKernels.js';
import {CHUNK} from './jointTable.js';

vi.mock(import('../simd/simdKernels.js'), async (original) => {
  const actual = await original();
  return {...actual, simdKernelsOf: vi.fn<typeof actual.simdKernelsOf>(actual.simdKernelsOf)};
});

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

const below = Math.fround(0.1);
const [inf, nan] = [Infinity, NaN];

describe.each([true, false])('StatisticsOfEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it.each<[string, number[], number[]]>([
    // Mean, std, meanAbs, norm, maxAbs, min, max, zeros, below.
    ['nothing', [], [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['one element', [-7], [-7, 0, 7, 7, 7, -7, -7, 0, 0]],
    ['two', [3, -4], [-0.5, 3.5, 3.5, 5, 4, -4, 3, 0, 0]],
    ['zeros of either sign', [4, 0, -0, -4], [0, Math.sqrt(8), 2, Math.sqrt(32), 4, -4, 4, 0.5, 0.5]],
    ['an infinity at last', [1, 0, inf, 2], [inf, nan, inf, inf, inf, 0, inf, 0.25, 0.25]],
    ['an infinity at first', [-inf, 1], [-inf, nan, inf, inf, inf, -inf, 1, 0, 0]],
    ['infinities of either sign', [inf, -inf], [nan, nan, inf, inf, inf, -inf, inf, 0, 0]],
    ['an infinity against the first', [2, -inf, inf], [nan, nan, inf, inf, inf, -inf, inf, 0, 0]],
    ['NaN at first', [nan, 0, 1, 2], [nan, nan, nan, nan, nan, nan, nan, 0.25, 0.25]],
    ['NaN among four', [1, 0, nan, 2], [nan, nan, nan, nan, nan, nan, nan, 0.25, 0.25]],
    ['NaN at last', [1, 0, 0, 1, nan], [nan, nan, nan, nan, nan, nan, nan, 0.4, 0.4]],
    ['NaN and an infinity', [nan, inf], [nan, nan, nan, nan, nan, nan, nan, 0, 0]],
    ['the threshold itself', [below, -below, 0.05, -0.05].map(Math.fround), ofThreshold()],
    ['the smallest', [1e-45, -1e-45], [0, 1e-45, 1e-45, Math.SQRT2 * 1.4e-45, 1e-45, -1e-45, 1e-45, 0, 1]],
    ['the largest', [3e38, 3e38], [3e38, 0, 3e38, inf, 3e38, 3e38, 3e38, 0, 0]],
  ])('are exact for %s', (_what, values, expected) => {
    const [row] = runJoint('StatisticsOfEach', [values], {}, {below});
    expect([...row!]).toEqual(expected.map(Math.fround));
  });

  it.each([0.1, -3e37, 3e37, 1e-45, 1 / 3])('of equal entries are %d and deviate by exactly 0', (value) => {
    const sizes = [1, 2, 5, 1001, CHUNK + 1];
    const rows = statisticsOf(sizes.map((size) => new Float32Array(size).fill(value)));
    expect(rows.map(([mean]) => mean)).toEqual(sizes.map(() => Math.fround(value)));
    expect(rows.map(([, std]) => std)).toEqual(sizes.map(() => 0));
  });

  it('have the shape [tensors, quantities]', () => {
    const tensors = [tf.ones([2, 3]), tf.zeros([0]), tf.scalar(1)];
    expect(callJoint('StatisticsOfEach', tensors)[0]!.shape).toEqual([3, 8]);
    expect(callJoint('StatisticsOfEach', tensors, {}, {below})[0]!.shape).toEqual([3, 9]);
    expect(callJoint('StatisticsOfEach', [])[0]!.shape).toEqual([0, 8]);
    tf.dispose(tensors);
  });

  it('are the same with and without a threshold', () => {
    const lists = [waves(7), waves(CHUNK + 3)];
    expect(statisticsOf(lists, {below}).map((row) => row.slice(0, 8))).toEqual(statisticsOf(lists));
  });

  it('keep small differences beside a large mean', () => {
    const [[mean, std] = []] = statisticsOf([[16_777_214, 16_777_215, 16_777_216]]);
    expect([mean, std]).toEqual([16_777_215, Math.fround(Math.sqrt(2 / 3))]);
  });

  it('keep small elements beside a large first one', () => {
    const [[, , , norm] = []] = statisticsOf([[0, 3e-30, 4e-30]]);
    expect(norm).toBe(Math.fround(5e-30));
    const values = waves(3 * CHUNK, 1e-2);
    values[0] = 1e4;
    expectStatistics([values]);
  });

  it.each([0, 3, CHUNK - 1, CHUNK, 2 * CHUNK + 4])('find what only element %d has', (where) => {
    const values = new Float32Array(2 * CHUNK + 5).fill(1);
    for (const value of [-2, 3, 0, 0.05, inf, nan]) {
      values[where] = value;
      expectStatistics([new Float32Array(5).fill(1), values, []]);
    }
  });

  it('agree with two passes in float64 for any values', () => {
    const values = fc.array(fc.float({noNaN: true, noDefaultInfinity: true}), {maxLength: 20});
    fc.assert(fc.property(fc.array(values, {minLength: 1, maxLength: 5}), expectStatistics));
  });

  it.each([1e-30, 1, 1e30])('agree with them on all sides of a chunk, around %d', (scale) => {
    const sizes = [0, 1, 3, 4, 5, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];
    expectStatistics(sizes.map((size) => waves(size, scale)));
    expectStatistics(sizes.map((size) => waves(size, scale).map((value) => value + scale * 5)));
  });
});

/** Of 0.1 twice, of which float32 has another than float64, and of 0.05 twice: neither is less than the threshold. */
function ofThreshold(): number[] {
  const norm = Math.sqrt(2 * below ** 2 + 2 * Math.fround(0.05) ** 2);
  return [0, norm / 2, (below + Math.fround(0.05)) / 2, norm, below, -below, below, 0, 0.5];
}

function statisticsOf(lists: readonly Values[], attrs: tf.NamedAttrMap = {}): number[][] {
  const [values] = runJoint('StatisticsOfEach', lists, {}, attrs);
  const columns = values!.length / lists.length;
  return lists.map((_, i) => Array.from(values!.subarray(i * columns, (i + 1) * columns)));
}

function expectStatistics(lists: readonly Values[]): void {
  const rows = statisticsOf(lists, {below});
  for (const [i, list] of lists.entries()) {
    const values = Array.from(Float32Array.from(list));
    const slack = largest(values.filter(Number.isFinite)) * 1e-12;
    expectNear(
      rows[i]!,
      slowly(values),
      rows[i]!.map(() => slack),
    );
  }
}

/** The twin: two passes, one quantity after the other. */
function slowly(values: readonly number[]): number[] {
  const {length: n} = values;
  if (n === 0) return Array.from({length: 9}, () => 0);
  const sumOf = (of: (value: number) => number): number => values.reduce((sum, value) => sum + of(value), 0);
  const mean = sumOf((value) => value) / n;
  return [
    mean,
    Math.sqrt(sumOf((value) => (value - mean) ** 2) / n),
    sumOf(Math.abs) / n,
    Math.sqrt(sumOf((value) => value ** 2)),
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    values.reduce((least, value) => Math.min(least, value)),
    values.reduce((most, value) => Math.max(most, value)),
    sumOf((value) => Number(value === 0)) / n,
    sumOf((value) => Number(Math.abs(value) < below)) / n,
  ];
}
