/** y = x between `low` and `high`, `size` floats; NaN stays NaN. */
export function clip(x: usize, y: usize, size: i32, low: f32, high: f32): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  const bytes = <usize>size << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(y + i, f32x4.max(f32x4.min(v128.load(x + i), highs), lows));
  for (; i < bytes; i += 4) store<f32>(y + i, max(min(load<f32>(x + i), high), low));
}
