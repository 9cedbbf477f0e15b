/** ln u of the upper part of (0, 1), from √½ on, is taken from −(1 − u): so many of 2³¹ parts. */
const UPPER: i32 = 0x257d8667;
/** Bits of the f32 nearest to √½, and what they are 31 powers of two higher. */
const SQRT_HALF: i32 = 0x3f3504f3;
const SCALED_SQRT_HALF: i32 = 0x4eb504f3;
/** Bits of 2³¹. */
const SCALED_ONE: i32 = 0x4f000000;

/** Turns words into normally distributed numbers times `amount`, in place. */
@inline export function normals(at: usize, end: usize, amount: f32): void {
  const amounts = f32x4.splat(amount);
  for (; at < end; at += 32) {
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const radius = halfRadius(first);
    const y = twiceAngle(second);
    const z = f32x4.mul(y, y);
    const cosine = f32x4.mul(radius, twiceCosine(z));
    const sine = f32x4.mul(radius, twiceSine(y, z));
    // Mirrored at the diagonal by the sign of the second word.
    const swap = v128.and(v128.xor(cosine, sine), i32x4.shr_s(second, 31));
    const even = f32x4.mul(v128.xor(cosine, swap), amounts);
    const odd = f32x4.mul(v128.xor(sine, swap), amounts);
    v128.store(at, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
    v128.store(at, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
  }
}

/** √(−½ ln u), its sign the lowest bit. u = (k + ½) / 2³¹, or 1 + that where k is negative: as exact near 1 as near 0. */
@inline function halfRadius(word: v128): v128 {
  const k = i32x4.sub(i32x4.shr_u(word, 1), i32x4.splat(UPPER));
  const x = f32x4.add(f32x4.convert_i32x4_s(k), f32x4.splat(0.5));
  // u = 2ᵉ · m, with m between √½ and √2. A negative x, larger than any other as an unsigned number, gives e = 0 and m = 1.
  const bits = i32x4.sub(i32x4.min_u(x, i32x4.splat(SCALED_ONE)), i32x4.splat(SCALED_SQRT_HALF));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF));
  const below = f32x4.pmin(f32x4.mul(x, f32x4.splat(4.656612873077393e-10)), f32x4.splat(0));
  const n = f32x4.add(f32x4.sub(m, f32x4.splat(1)), below);
  // ½ ln(1 + n) = artanh(s)
  const s = f32x4.div(n, f32x4.add(n, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  const p = polynomial(z, 0.33333388, 0.19988768, 0.14935932);
  const halfLog = f32x4.add(s, f32x4.mul(f32x4.mul(s, z), p));
  const squared = f32x4.sub(f32x4.mul(e, f32x4.splat(-0.3465736)), halfLog);
  return v128.xor(f32x4.sqrt(squared), i32x4.shl(word, 31));
}

/** Within the half circle around 0. */
@inline function twiceAngle(word: v128): v128 {
  const odd = v128.or(i32x4.shl(word, 1), i32x4.splat(1));
  return f32x4.mul(f32x4.convert_i32x4_s(odd), f32x4.splat(7.3145906e-10));
}

/** 2 sin(y / 2), given z = y². */
@inline function twiceSine(y: v128, z: v128): v128 {
  const p = polynomial(z, -0.041666638, 0.0005207611, -3.049578e-6);
  return f32x4.add(y, f32x4.mul(f32x4.mul(y, z), p));
}

/** 2 cos(y / 2), given z = y². */
@inline function twiceCosine(z: v128): v128 {
  const p = polynomial(z, -0.24999948, 0.0052070366, -4.2493197e-5);
  return f32x4.add(f32x4.splat(2), f32x4.mul(z, p));
}

@inline function polynomial(z: v128, c0: f32, c1: f32, c2: f32): v128 {
  const p = f32x4.add(f32x4.splat(c1), f32x4.mul(z, f32x4.splat(c2)));
  return f32x4.add(f32x4.splat(c0), f32x4.mul(z, p));
}
