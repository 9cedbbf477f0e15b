import {madd} from './madd';

/** Elements in one chunk. */
export const CHUNK: i32 = 16384;

/** One chunk of {@link tanh}. */
export function tanhChunk(given: usize, chunk: i32): void {
  const offset = (<usize>chunk * CHUNK) << 2;
  const x = load<usize>(given) + offset;
  const y = load<usize>(given, 4) + offset;
  const bytes = <usize>min(CHUNK, load<i32>(given, 8) - chunk * CHUNK) << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(y + i, tanh4(v128.load(x + i)));
  for (; i < bytes; i += 4) v128.store32_lane(y + i, tanh4(v128.load32_splat(x + i)), 0);
}

/** One chunk of {@link tanhGradient}. */
export function tanhGradientChunk(given: usize, chunk: i32): void {
  const offset = (<usize>chunk * CHUNK) << 2;
  const dy = load<usize>(given) + offset;
  const y = load<usize>(given, 4) + offset;
  const dx = load<usize>(given, 8) + offset;
  const bytes = <usize>min(CHUNK, load<i32>(given, 12) - chunk * CHUNK) << 2;
  const whole = bytes & ~15;
  const one = f32x4.splat(1);
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const value = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.sub(one, f32x4.mul(value, value))));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(y + i);
    store<f32>(dx + i, load<f32>(dy + i) * (<f32>1 - value * value));
  }
}

/**
 * Below 0.625 an odd polynomial (Cephes, Moshier 1989), above 1 - 2/(e^2x + 1); NaN stays NaN.
 */
@inline function tanh4(x: v128): v128 {
  const sign = v128.and(x, f32x4.splat(-0.0));
  const size = v128.andnot(x, f32x4.splat(-0.0));
  const z = f32x4.mul(x, x);
  let p = madd(f32x4.splat(-5.70498872745e-3), z, f32x4.splat(2.06390887954e-2));
  p = madd(p, z, f32x4.splat(-5.37397155531e-2));
  p = madd(p, z, f32x4.splat(1.33314422036e-1));
  p = madd(p, z, f32x4.splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), x, x);
  // From 9.02 on, tanh is 1 to all bits.
  const e = exp4(f32x4.min(f32x4.add(size, size), f32x4.splat(20)));
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  return v128.or(v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.625))), sign);
}

/** e^x for 0 <= x <= 20 (Cephes), and NaN for NaN. */
@inline function exp4(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, scale);
}
