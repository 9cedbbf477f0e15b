/** A point of a curve; `null` is a gap. */
export type Point = readonly [x: number, y: number | null];

/**
 * At most about `limit` points of a curve: of each run of neighbours the lowest and the highest, so that no spike is lost, and the
 * first and the last point of all. A gap stays one.
 */
export function thin(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const size = Math.ceil(points.length / Math.max(1, Math.floor((limit - 2) / 3)));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const end = Math.min(points.length, start + size);
    kept.push(...[...extremesOf(points, start, end)].sort((a, b) => a - b).map((i) => points[i]!));
  }
  const [first, last] = [points[0]!, points.at(-1)!];
  if (kept[0] !== first) kept.unshift(first);
  if (kept.at(-1) !== last) kept.push(last);
  return kept;
}

/** Where the lowest value, the highest and the first gap are. */
function extremesOf(points: readonly Point[], start: number, end: number): Set<number> {
  let [low, high, gap] = [-1, -1, -1];
  for (let i = start; i < end; i++) {
    const y = points[i]![1];
    if (y === null) gap = gap < 0 ? i : gap;
    else {
      if (low < 0 || y < points[low]![1]!) low = i;
      if (high < 0 || y > points[high]![1]!) high = i;
    }
  }
  return new Set([low, high, gap].filter((i) => i >= 0));
}
