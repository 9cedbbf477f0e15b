// A pair of normally distributed numbers from a pair of words, in steps that take one or two vectors and give one: what calls them
// does each step for all of its vectors before the next. `table` is that of `table.ts`.
import {
  ARTANH,
  BY_2_31,
  COSINE,
  FRACTION,
  HALF,
  LOWEST_BIT,
  MINUS_HALF_LN2,
  ONE,
  PI_BY_2_32,
  SCALED_ONE,
  SCALED_SQRT_HALF,
  SINE,
  SQRT_HALF,
  TWO,
  UPPER,
} from './table';

/** 2³¹ u, or 2³¹ (u − 1) where that is negative: so u is as exact near 1 as near 0. */
@inline export function scaled(table: usize, word: v128): v128 {
  const k = i32x4.sub(i32x4.shr_u(word, 1), v128.load(table, UPPER));
  return f32x4.add(f32x4.convert_i32x4_s(k), v128.load(table, HALF));
}

/** e above the 23 bits of m − √½, for u = 2ᵉ · m with m between √½ and √2. A negative x, larger than any other as an unsigned number, gives e = 0 and m = 1. */
@inline export function parts(table: usize, x: v128): v128 {
  return i32x4.sub(i32x4.min_u(x, v128.load(table, SCALED_ONE)), v128.load(table, SCALED_SQRT_HALF));
}

/** n = m − 1, or u − 1 where x is negative. */
@inline export function aboveOne(table: usize, x: v128, bits: v128): v128 {
  const m = i32x4.add(v128.and(bits, v128.load(table, FRACTION)), v128.load(table, SQRT_HALF));
  const below = f32x4.pmin(f32x4.mul(x, v128.load(table, BY_2_31)), f32x4.splat(0));
  return f32x4.add(f32x4.sub(m, v128.load(table, ONE)), below);
}

/** −½ e ln 2 */
@inline export function logOfPower(table: usize, bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23)), v128.load(table, MINUS_HALF_LN2));
}

/** s, for ½ ln(1 + n) = artanh(s) */
@inline export function artanhOf(table: usize, n: v128): v128 {
  return f32x4.div(n, f32x4.add(n, v128.load(table, TWO)));
}

/** −½ ln u */
@inline export function halfSquare(table: usize, power: v128, s: v128): v128 {
  const z = f32x4.mul(s, s);
  const artanh = f32x4.add(s, f32x4.mul(f32x4.mul(s, z), polynomial(table + ARTANH, z)));
  return f32x4.sub(power, artanh);
}

/** √(−½ ln u), its sign the lowest bit. */
@inline export function halfRadius(square: v128, word: v128): v128 {
  return v128.xor(f32x4.sqrt(square), i32x4.shl(word, 31));
}

/** Within the half circle around 0. */
@inline export function twiceAngle(table: usize, word: v128): v128 {
  const odd = v128.or(i32x4.shl(word, 1), v128.load(table, LOWEST_BIT));
  return f32x4.mul(f32x4.convert_i32x4_s(odd), v128.load(table, PI_BY_2_32));
}

/** 2 sin(y / 2), given z = y². */
@inline export function twiceSine(table: usize, y: v128, z: v128): v128 {
  return f32x4.add(y, f32x4.mul(f32x4.mul(y, z), polynomial(table + SINE, z)));
}

/** 2 cos(y / 2), given z = y². */
@inline export function twiceCosine(table: usize, z: v128): v128 {
  return f32x4.add(v128.load(table, TWO), f32x4.mul(z, polynomial(table + COSINE, z)));
}

@inline function polynomial(coefficients: usize, z: v128): v128 {
  const p = f32x4.add(v128.load(coefficients, 16), f32x4.mul(z, v128.load(coefficients, 32)));
  return f32x4.add(v128.load(coefficients), f32x4.mul(z, p));
}
