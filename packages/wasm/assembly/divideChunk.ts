import {FROM, NUMBERS, TO, lengthAt, offsetOf, rowOf} from './table';

/** One chunk of {@link divideEach}. */
export function divideChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const from = load<usize>(row, FROM) + (<usize>offset << 2);
  const to = load<usize>(row, TO) + (<usize>offset << 2);
  const divisor = load<f32>(row, NUMBERS);
  const shift = load<f32>(row, NUMBERS + 4);
  const divisors = f32x4.splat(divisor);
  const shifts = f32x4.splat(shift);
  const bytes = <usize>lengthAt(row, offset) << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    v128.store(to + i, f32x4.div(f32x4.sub(v128.load(from + i), shifts), divisors));
  }
  for (; i < bytes; i += 4) store<f32>(to + i, (load<f32>(from + i) - shift) / divisor);
}
