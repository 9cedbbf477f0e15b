import {FROM, TO, WORDS, lengthAt, offsetOf, rowOf} from './table';

/** Whether any chunk of the tensor has found one; threads may write it at once, all of them the same. */
export const FOUND: usize = WORDS;

/** One chunk of {@link findNonFinite}. */
export function findNonFiniteChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  let at = load<usize>(row, FROM) + (<usize>offset << 2);
  const end = at + (<usize>lengthAt(row, offset) << 2);
  // x − x is 0, or NaN where x is not finite; the bits of 0 are 0.
  let a = f32x4.splat(0);
  let b = a;
  for (; at + 32 <= end; at += 32) {
    const x = v128.load(at);
    const y = v128.load(at, 16);
    a = v128.or(a, f32x4.sub(x, x));
    b = v128.or(b, f32x4.sub(y, y));
  }
  for (; at < end; at += 4) {
    const x = v128.load32_splat(at);
    a = v128.or(a, f32x4.sub(x, x));
  }
  if (v128.any_true(v128.or(a, b))) atomic.store<i32>(row, 1, FOUND);
}

/** One chunk of {@link zeroNonFinite}. */
export function zeroNonFiniteChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const from = load<usize>(row, FROM) + (<usize>offset << 2);
  const to = load<usize>(row, TO) + (<usize>offset << 2);
  const bytes = <usize>lengthAt(row, offset) << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(to + i, finite4(v128.load(from + i)));
  for (; i < bytes; i += 4) v128.store32_lane(to + i, finite4(v128.load32_splat(from + i)), 0);
}

@inline function finite4(x: v128): v128 {
  const rest = f32x4.sub(x, x);
  return v128.and(x, f32x4.eq(rest, rest));
}
