import {statisticsModule} from './simd/statisticsModule.js';

/** What is known of values after one pass over them, in float64. */
interface Sums {
  /** Σ (t − o), where o is the origin. */
  readonly sum: number;
  /** Σ (t − o)². */
  readonly squares: number;
  /** Σ |t|. */
  readonly sizes: number;
  readonly least: number;
  readonly most: number;
  readonly zeros: number;
  /** How many are smaller in size than the threshold. */
  readonly small: number;
}

const NOTHING: Sums = {
  sum: 0,
  squares: 0,
  sizes: 0,
  least: Infinity,
  most: -Infinity,
  zeros: 0,
  small: 0,
};

/**
 * A row of `statisticsOfEach`, of values that JavaScript has: in a SIMD module where there is one.
 *
 * The first value is taken off each, if it is finite, so that equal ones come to nothing and the squares of others do not drown their
 * differences.
 *
 * @param below the threshold of the last column; without it, there is none.
 */
export function statisticsRow(values: Float32Array, below: number | undefined): number[] {
  const {length: n, 0: first = 0} = values;
  if (n === 0) return Array.from({length: below === undefined ? 8 : 9}, () => 0);
  const origin = Number.isFinite(first) ? first : 0;
  const {sum, squares, sizes, least, most, zeros, small} = sumsOf(values, origin, below ?? 0);
  const isNumber = !Number.isNaN(sizes);
  const [lowest, highest] = isNumber ? [least, most] : [Number.NaN, Number.NaN];
  // Rounding may take either a little below zero; the second is no less than the square of the origin, which is a value.
  const variance = Math.max(0, squares - sum ** 2 / n) / n;
  const plainSquares =
    squares === Infinity ? Infinity : Math.max(0, squares + origin * (2 * sum + n * origin));
  const row = [
    origin + sum / n,
    Math.sqrt(variance),
    sizes / n,
    Math.sqrt(plainSquares),
    Math.max(Math.abs(lowest), Math.abs(highest)),
    lowest,
    highest,
    zeros / n,
  ];
  return below === undefined ? row : [...row, small / n];
}

function sumsOf(values: Float32Array, origin: number, below: number): Sums {
  const module = statisticsModule();
  if (module === undefined) return sumsInJavaScript(values, origin, below);
  let all = NOTHING;
  const {length: most} = module.values;
  for (let from = 0; from < values.length; from += most) {
    const part = values.subarray(from, from + most);
    module.values.set(part);
    all = joined(all, read(module.sum(part.length, origin, below)));
  }
  return all;
}

/** As `assembly/sumStatistics.ts` writes it. */
function read(view: DataView): Sums {
  return {
    sum: view.getFloat64(0, true),
    squares: view.getFloat64(8, true),
    sizes: view.getFloat64(16, true),
    least: view.getFloat32(24, true),
    most: view.getFloat32(28, true),
    zeros: view.getInt32(32, true),
    small: view.getInt32(36, true),
  };
}

function joined(a: Sums, b: Sums): Sums {
  return {
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
    sizes: a.sizes + b.sizes,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
    zeros: a.zeros + b.zeros,
    small: a.small + b.small,
  };
}

function sumsInJavaScript(values: Float32Array, origin: number, below: number): Sums {
  let {sum, squares, sizes, least, most, zeros, small} = NOTHING;
  for (const value of values) {
    const distance = value - origin;
    const size = Math.abs(value);
    sum += distance;
    squares += distance * distance;
    sizes += size;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value === 0) zeros++;
    if (size < below) small++;
  }
  return {sum, squares, sizes, least, most, zeros, small};
}
