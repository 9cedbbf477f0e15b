import type {DecisionBoundary} from '../recordedRun.js';

/** A rectangle of one class. */
export interface ClassArea {
  readonly label: number;
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** Areas that only touched would show a seam; the next row covers what is too much. */
const OVERLAP = 0.2;

/**
 * The classes of a grid as few rectangles: neighbours in a row are joined, and equal stretches of rows that follow one another. A
 * grid point stands for the cell around it.
 */
export function classAreas({xs, ys, classes}: DecisionBoundary): ClassArea[] {
  const [xEdges, yEdges] = [edgesAround(xs), edgesAround(ys)];
  const done: ClassArea[] = [];
  let open = new Map<string, ClassArea>();
  ys.forEach((_, row) => {
    const next = new Map<string, ClassArea>();
    for (const {label, start, end} of stretches(classes, row * xs.length, xs.length)) {
      const key = `${label}/${start}/${end}`;
      const above = open.get(key);
      open.delete(key);
      next.set(key, {
        label,
        from: above?.from ?? [xEdges[start]!, yEdges[row]!],
        to: [xEdges[end]!, yEdges[row + 1]! + OVERLAP * (yEdges[row + 1]! - yEdges[row]!)],
      });
    }
    done.push(...open.values());
    open = next;
  });
  return [...done, ...open.values()];
}

function* stretches(
  classes: readonly number[],
  offset: number,
  length: number,
): Generator<{label: number; start: number; end: number}> {
  let start = 0;
  for (let i = 1; i <= length; i++) {
    if (i < length && classes[offset + i] === classes[offset + start]) continue;
    yield {label: classes[offset + start]!, start, end: i};
    start = i;
  }
}

/** Half-way between neighbours; the outer ones as far out as the next is in. */
function edgesAround(places: readonly number[]): number[] {
  if (places.length === 1) return [places[0]! - 0.5, places[0]! + 0.5];
  const between = places.slice(1).map((place, i) => (place + places[i]!) / 2);
  const [first, last] = [places[0]!, places.at(-1)!];
  return [2 * first - between[0]!, ...between, 2 * last - between.at(-1)!];
}
