// What the lanes of a vector have in common lies in memory, four times each: V8 would make a constant anew for every group, out of
// two instructions that compete with arithmetic, where a load does not. These are offsets from `scratch`.

/** The words that Threefry adds: a pair after every four rounds. */
export const KEYS: usize = 0;

const CONSTANTS: usize = 160;
export const FOUR: usize = CONSTANTS;
export const EIGHT: usize = CONSTANTS + 16;
export const TWELVE: usize = CONSTANTS + 32;
export const SIXTEEN: usize = CONSTANTS + 48;
/** The factor of noise, or of what a mask keeps. */
export const AMOUNT: usize = CONSTANTS + 64;
/** The least uniform number that a mask keeps. */
export const LEAST: usize = CONSTANTS + 80;
export const UNIT: usize = CONSTANTS + 96;
export const HALF: usize = CONSTANTS + 112;
export const ONE: usize = CONSTANTS + 128;
export const TWO: usize = CONSTANTS + 144;
export const LOWEST_BIT: usize = CONSTANTS + 160;
export const UPPER: usize = CONSTANTS + 176;
export const SCALED_ONE: usize = CONSTANTS + 192;
export const SCALED_SQRT_HALF: usize = CONSTANTS + 208;
export const FRACTION: usize = CONSTANTS + 224;
export const SQRT_HALF: usize = CONSTANTS + 240;
export const BY_2_31: usize = CONSTANTS + 256;
export const MINUS_HALF_LN2: usize = CONSTANTS + 272;
export const PI_BY_2_32: usize = CONSTANTS + 288;
/** Coefficients of a polynomial, three in a row. */
export const ARTANH: usize = CONSTANTS + 304;
export const SINE: usize = CONSTANTS + 352;
export const COSINE: usize = CONSTANTS + 400;

export const TABLE_BYTES: usize = CONSTANTS + 448;

/** Writes the table at `scratch`. */
@inline export function fillTable(scratch: usize, k0: i32, k1: i32, drops: bool, amount: f32): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  pair(scratch, k1, k2 + 1);
  pair(scratch + 32, k2, k0 + 2);
  pair(scratch + 64, k0, k1 + 3);
  pair(scratch + 96, k1, k2 + 4);
  pair(scratch + 128, k2, k0 + 5);

  integers(scratch + FOUR, 4);
  integers(scratch + EIGHT, 8);
  integers(scratch + TWELVE, 12);
  integers(scratch + SIXTEEN, 16);
  floats(scratch + AMOUNT, drops ? <f32>1 / (<f32>1 - amount) : amount);
  floats(scratch + LEAST, <f32>2 * amount - <f32>1);
  floats(scratch + UNIT, 1.1920928955078125e-7);
  floats(scratch + HALF, 0.5);
  floats(scratch + ONE, 1);
  floats(scratch + TWO, 2);
  integers(scratch + LOWEST_BIT, 1);

  // ln u of the upper part of (0, 1), from √½ on, is taken from −(1 − u): so many of 2³¹ parts.
  integers(scratch + UPPER, 0x257d8667);
  // Bits of 2³¹, of the f32 nearest to √½, and of what that is 31 powers of two higher.
  integers(scratch + SCALED_ONE, 0x4f000000);
  integers(scratch + SQRT_HALF, 0x3f3504f3);
  integers(scratch + SCALED_SQRT_HALF, 0x4eb504f3);
  integers(scratch + FRACTION, 0x7fffff);
  floats(scratch + BY_2_31, 4.656612873077393e-10);
  floats(scratch + MINUS_HALF_LN2, -0.3465736);
  floats(scratch + PI_BY_2_32, 7.3145906e-10);
  coefficients(scratch + ARTANH, 0.33333388, 0.19988768, 0.14935932);
  coefficients(scratch + SINE, -0.041666638, 0.0005207611, -3.049578e-6);
  coefficients(scratch + COSINE, -0.24999948, 0.0052070366, -4.2493197e-5);
}

@inline function pair(at: usize, first: i32, second: i32): void {
  integers(at, first);
  integers(at + 16, second);
}

@inline function coefficients(at: usize, c0: f32, c1: f32, c2: f32): void {
  floats(at, c0);
  floats(at + 16, c1);
  floats(at + 32, c2);
}

@inline function integers(at: usize, value: i32): void {
  v128.store(at, i32x4.splat(value));
}

@inline function floats(at: usize, value: f32): void {
  v128.store(at, f32x4.splat(value));
}
