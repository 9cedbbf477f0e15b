import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {histogramOf, type HistogramRange} from './histogramOf.js';

useCpu();

interface Histogram {
  readonly counts: number[];
  readonly edges: number[];
  readonly nonFinite: number;
  readonly under?: number;
  readonly over?: number;
}

function histogram(values: readonly number[], bins: number, range: HistogramRange = 'auto'): Histogram {
  const {counts, edges, ...scalars} = histogramOf(tf.tensor1d([...values]), bins, range);
  const numbers = Object.entries(scalars).map(([key, scalar]) => [key, scalar.dataSync()[0]]);
  return {
    counts: [...counts!.dataSync()],
    edges: [...edges!.dataSync()],
    ...(Object.fromEntries(numbers) as Omit<Histogram, 'counts' | 'edges'>),
  };
}

/** The slow twin: numpy's definition, for these edges. */
function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const last = edges.length - 2;
  return edges
    .slice(0, -1)
    .map(
      (edge, i) =>
        values.filter((x) => x >= edge && (x < edges[i + 1]! || (i === last && x === edges[i + 1]!))).length,
    );
}

describe('a histogram', () => {
  it('goes from the smallest to the largest entry', () => {
    expect(histogram([0, 1, 1, 3, 4], 4)).toEqual({
      counts: [1, 2, 0, 2],
      edges: [0, 1, 2, 3, 4],
      nonFinite: 0,
    });
  });

  it('of equal entries reaches 0.5 to either side, as numpy has it', () => {
    expect(histogram([2, 2], 2)).toEqual({counts: [0, 2], edges: [1.5, 2, 2.5], nonFinite: 0});
    expect(histogram([0], 1)).toEqual({counts: [1], edges: [-0.5, 0.5], nonFinite: 0});
  });

  it('counts what is not finite apart', () => {
    const {counts, edges, nonFinite} = histogram([NaN, 1, Infinity, 3, -Infinity], 2);
    expect([counts, edges, nonFinite]).toEqual([[1, 1], [1, 2, 3], 3]);
  });

  it('of nothing finite is empty', () => {
    expect(histogram([NaN], 2)).toEqual({counts: [0, 0], edges: [-0.5, 0, 0.5], nonFinite: 1});
    expect(histogram([], 2)).toEqual({counts: [0, 0], edges: [-0.5, 0, 0.5], nonFinite: 0});
  });

  it('of a given range counts what is outside', () => {
    expect(histogram([-3, -1, 0, 1, 1.5, 7, NaN, Infinity], 2, [-1, 1])).toEqual({
      counts: [1, 2],
      edges: [-1, 0, 1],
      nonFinite: 2,
      under: 1,
      over: 2,
    });
  });

  it('by symlog is symmetric and has bins for every decade', () => {
    const {counts, edges} = histogram([1e-3, 1, -1e-5, 0, -100], 6, 'symlog');
    expect(edges).toHaveLength(7);
    [-100, -1, -0.0099, 0, 0.0099, 1, 100].forEach((edge, i) => {
      expect(edges[i]! / 100).toBeCloseTo(edge / 100, 5);
    });
    expect(counts).toEqual(
      [1, 0, 1, 2, 1, 1].map((_, i) => countsOf([1e-3, 1, -1e-5, 0, -100].map(Math.fround), edges)[i]),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(5);
  });

  it('by symlog of zeros counts them in the middle', () => {
    expect(histogram([0, 0], 3, 'symlog').counts).toEqual([0, 2, 0]);
  });

  it.each<[string, number[]]>([
    ['both ends of float32', [-3.4e38, 3.4e38, 0, 1]],
    ['equal entries near its end', [3.4e38, 3.4e38]],
    ['neighbours among its numbers', [1, 1 + 2 ** -23, 1 + 2 ** -22]],
    ['next to nothing', [1e-38, 2e-38, 0]],
  ])('counts all entries at %s', (_what, values) => {
    for (const range of ['auto', 'symlog'] as const) {
      const {counts, edges} = histogram(values, 30, range);
      expect(edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!))).toBe(true);
      expect(counts).toEqual(countsOf(values.map(Math.fround), edges));
      expect(counts.reduce((sum, count) => sum + count)).toBe(values.length);
    }
  });
});

describe('agrees with a slow twin that downloads the tensor', () => {
  const value = fc.oneof(
    {weight: 4, arbitrary: fc.float({noNaN: true, noDefaultInfinity: true})},
    fc.float({noNaN: true, min: -2, max: 2}),
    fc.integer({min: -4, max: 4}),
  );

  it.each<HistogramRange>(['auto', 'symlog', [-2, 1]])('by %j', (range) => {
    fc.assert(
      fc.property(
        fc.array(value, {minLength: 1, maxLength: 60}),
        fc.integer({min: 1, max: 40}),
        (values, bins) => {
          const {counts, edges, nonFinite, under = 0, over = 0} = histogram(values, bins, range);
          expect(counts).toEqual(countsOf(values, edges));
          expect(nonFinite).toBe(0);
          expect(under).toBe(values.filter((x) => x < edges[0]!).length);
          expect(over).toBe(values.filter((x) => x > edges.at(-1)!).length);
        },
      ),
      {numRuns: 300},
    );
  });

  it('where entries lie on the edges', () => {
    for (const bins of [3, 7, 10, 30, 49]) {
      const {edges} = histogram([-0.7, 1.3], bins);
      const beside = edges.flatMap((edge) => [edge, edge + 2 ** -24, edge - 2 ** -24]).map(Math.fround);
      const values = beside.filter((x) => x >= edges[0]! && x <= edges.at(-1)!);
      expect(histogram(values, bins).counts).toEqual(countsOf(values, edges));
    }
  });
});

it('leaks nothing but what it returns', async () => {
  const tensor = tf.tensor1d([1, 2, NaN]);
  for (const range of ['auto', 'symlog', [0, 2]] as const) {
    await expectNoLeaks(() => tf.dispose(histogramOf(tensor, 3, range)));
  }
});
