const round = Math.fround;

/** ln u of the upper part of (0, 1), from √½ on, is taken from −(1 − u): so many of 2³¹ parts. */
const UPPER = 0x257d8667;
/** Bits of the float32 nearest to √½, and what they are 31 powers of two higher. */
const SQRT_HALF = 0x3f3504f3;
const SCALED_SQRT_HALF = SQRT_HALF + (31 << 23);
const MINUS_HALF_LN2 = round(-0.3465736);
const PI_BY_2_32 = round(7.3145906e-10);

/**
 * Turns pairs of words into pairs of normally distributed numbers times `amount`.
 *
 * Every operation is rounded to float32, in the order in which `assembly/normals.ts` has them.
 *
 * @param words an even number; `normals` may share their memory.
 * @param normals as many.
 * @param amount a float32.
 */
export function scalarNormals(words: Int32Array, normals: Float32Array, amount: number): void {
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const first = words[i]!;
    const second = words[i + 1]!;
    // u = (k + ½) / 2³¹, or 1 + that where k is negative: so u is as exact near 1 as near 0.
    const x = round(round((first >>> 1) - UPPER) + 0.5);
    let e = 0;
    let n = round(x * 2 ** -31);
    if (x > 0) {
      // u = 2ᵉ · (1 + n), with 1 + n between √½ and √2.
      float[0] = x;
      const above = bits[0]! - SCALED_SQRT_HALF;
      e = above >> 23;
      bits[0] = (above & 0x7fffff) + SQRT_HALF;
      n = round(float[0]! - 1);
    }
    const s = round(n / round(n + 2));
    const halfLog = artanh(s);
    const radius = round(Math.sqrt(round(round(e * MINUS_HALF_LN2) - halfLog)));

    // Twice the angle: within the quarter circle around 0.
    const y = round(round((second << 1) | 1) * PI_BY_2_32);
    const z = round(y * y);
    const sine = twiceSine(y, z);
    const cosine = twiceCosine(z);
    // Mirrored at the diagonal by the sign of the one word, at the origin by the lowest bit of the other.
    const mirrored = second >>> 31;
    const signed = radius * (1 - 2 * (first & 1));
    normals[i + mirrored] = amount * round(signed * cosine);
    normals[i + 1 - mirrored] = amount * round(signed * sine);
  }
}

/** For |s| <= 0.1716, to 1e-9. */
function artanh(s: number): number {
  const z = round(s * s);
  const p = polynomial(z, round(0.33333388), round(0.19988768), round(0.14935932));
  return round(s + round(round(s * z) * p));
}

/** 2 sin(y / 2) for |y| <= π/2 and z = y², to 4e-9 of itself. */
function twiceSine(y: number, z: number): number {
  const p = polynomial(z, round(-0.041666638), round(0.0005207611), round(-3.049578e-6));
  return round(y + round(round(y * z) * p));
}

/** 2 cos(y / 2) for |y| <= π/2 and z = y², to 7e-8. */
function twiceCosine(z: number): number {
  return round(2 + round(z * polynomial(z, round(-0.24999948), round(0.0052070366), round(-4.2493197e-5))));
}

function polynomial(z: number, c0: number, c1: number, c2: number): number {
  return round(c0 + round(z * round(c1 + round(z * c2))));
}
