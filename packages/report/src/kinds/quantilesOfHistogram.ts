import type {Histogram} from '../recording/recording.js';

/** Where the entries lie: of the lowest and the highest bin with entries the outer edges, and quantiles interpolated within bins. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** One for each share asked for. */
  readonly quantiles: readonly number[];
}

/** The spread of a histogram's entries; undefined where it has none. */
export function quantilesOfHistogram(
  {counts, edges}: Pick<Histogram, 'counts' | 'edges'>,
  shares: readonly number[],
): Spread | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || !edges.every(Number.isFinite)) return undefined;
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  return {
    low: edges[first]!,
    high: edges[last + 1]!,
    quantiles: shares.map((share) => quantile(counts, edges, share * total)),
  };
}

function quantile(counts: Float32Array, edges: Float32Array, rank: number): number {
  let before = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && before + count >= rank) {
      return edges[i]! + ((rank - before) / count) * (edges[i + 1]! - edges[i]!);
    }
    before += count;
  }
  return edges.at(-1)!;
}
