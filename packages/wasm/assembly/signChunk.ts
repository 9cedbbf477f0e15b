import {FROM, TO, lengthAt, offsetOf, rowOf} from './table';

/** One chunk of {@link signEach}. */
export function signChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const from = load<usize>(row, FROM) + (<usize>offset << 2);
  const to = load<usize>(row, TO) + (<usize>offset << 2);
  const bytes = <usize>lengthAt(row, offset) << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(to + i, sign4(v128.load(from + i)));
  for (; i < bytes; i += 4) v128.store32_lane(to + i, sign4(v128.load32_splat(from + i)), 0);
}

@inline function sign4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const plus = v128.and(f32x4.gt(x, zero), f32x4.splat(1));
  const minus = v128.and(f32x4.lt(x, zero), f32x4.splat(-1));
  return v128.bitselect(x, v128.or(plus, minus), f32x4.ne(x, x));
}
