import {FROM, TO, WORDS, FIRST_CHUNK, lengthAt, offsetOf, rowOf} from './table';
import {widen} from '../../core/assembly/widen';

/*
 * Jobs on units: the columns of a matrix. Few columns are taken as more, `width` of them, each of which has a part of a unit; the last
 * row may be incomplete then. Chunks begin with a row.
 */
/** Elements in a row. */
export const WIDTH: usize = WORDS;
/** Units; `width` is a multiple. */
export const UNITS: usize = WORDS + 4;
/** Room for `width` f64 of every chunk: the sums of its columns. */
export const SUMS: usize = WORDS + 8;
/** `width` divisors, and as many shifts; f32. */
export const FACTORS: usize = WORDS + 4;

/** One chunk of {@link normOfUnits}: Σ t² of every column, in float64, where no square of a float32 is out of range. */
export function squaresChunk(given: usize, chunk: i32): void {
  sumColumns(given, chunk, true);
}

/** One chunk of {@link meanOfUnits}: Σ t of every column, in float64. */
export function sumsChunk(given: usize, chunk: i32): void {
  sumColumns(given, chunk, false);
}

@inline function sumColumns(given: usize, chunk: i32, squared: bool): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const width = <usize>load<i32>(row, WIDTH);
  const stride = width << 2;
  const sums = load<usize>(row, SUMS) + (((<usize>chunk - load<usize>(row, FIRST_CHUNK)) * width) << 3);
  let at = load<usize>(row, FROM) + (<usize>offset << 2);
  const end = at + (<usize>lengthAt(row, offset) << 2);
  memory.fill(sums, 0, width << 3);
  // Four rows at a time: a sum is loaded and stored once for them.
  for (; at + 4 * stride <= end; at += 4 * stride) {
    const whole = stride & ~15;
    let j: usize = 0;
    for (; j < whole; j += 16) {
      const low = sums + (j << 1);
      let a = v128.load(low);
      let b = v128.load(low, 16);
      let from = at + j;
      a = f64x2.add(a, term(widen(from), squared));
      b = f64x2.add(b, term(widen(from + 8), squared));
      from += stride;
      a = f64x2.add(a, term(widen(from), squared));
      b = f64x2.add(b, term(widen(from + 8), squared));
      from += stride;
      a = f64x2.add(a, term(widen(from), squared));
      b = f64x2.add(b, term(widen(from + 8), squared));
      from += stride;
      a = f64x2.add(a, term(widen(from), squared));
      b = f64x2.add(b, term(widen(from + 8), squared));
      v128.store(low, a);
      v128.store(low, b, 16);
    }
    for (; j < stride; j += 4) {
      for (let from = at + j, last = from + 4 * stride; from < last; from += stride) addOne(sums, from, j, squared);
    }
  }
  while (at < end) {
    const bytes = min(stride, end - at);
    for (let j: usize = 0; j < bytes; j += 4) addOne(sums, at + j, j, squared);
    at += bytes;
  }
}

@inline function term(t: v128, squared: bool): v128 {
  return squared ? f64x2.mul(t, t) : t;
}

@inline function addOne(sums: usize, from: usize, j: usize, squared: bool): void {
  const t = <f64>load<f32>(from);
  const sum = sums + (j << 1);
  store<f64>(sum, load<f64>(sum) + (squared ? t * t : t));
}

/** One chunk of {@link divideUnits}. */
export function divideUnitsChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const stride = <usize>load<i32>(row, WIDTH) << 2;
  const divisors = load<usize>(row, FACTORS);
  const shifts = divisors + stride;
  let from = load<usize>(row, FROM) + (<usize>offset << 2);
  let to = load<usize>(row, TO) + (<usize>offset << 2);
  const end = from + (<usize>lengthAt(row, offset) << 2);
  while (from < end) {
    const bytes = min(stride, end - from);
    const whole = bytes & ~15;
    let j: usize = 0;
    for (; j < whole; j += 16) {
      const rest = f32x4.sub(v128.load(from + j), v128.load(shifts + j));
      v128.store(to + j, f32x4.div(rest, v128.load(divisors + j)));
    }
    for (; j < bytes; j += 4) {
      store<f32>(to + j, (load<f32>(from + j) - load<f32>(shifts + j)) / load<f32>(divisors + j));
    }
    from += bytes;
    to += bytes;
  }
}
