import {threefry2x32, type WordPair} from './threefry.js';

/**
 * Normally distributed numbers with mean 0, as a pure function of key and element index.
 *
 * Box–Muller on the words of {@link threefry2x32}: one word gives the radius, one the angle of a pair of elements. Logarithm,
 * sine and cosine are polynomials of our own, because those of `Math` may differ between engines in the last bit; what is
 * used here, `+ − · / √`, is exact by IEEE 754. So a key gives the same bits everywhere. The largest value is 6.66 deviations.
 *
 * @param key which stream.
 * @param length how many.
 * @param deviation standard deviation.
 */
export function counterNormals(key: WordPair, length: number, deviation: number): Float32Array {
  const normals = new Float32Array(length + (length % 2));
  const words = new Int32Array(normals.buffer);
  threefry2x32(key, [0, 0], words);
  for (let i = 0; i + 1 < normals.length; i += 2) {
    const angleWord = words[i + 1]!;
    const radius = deviation * Math.sqrt(-2 * logOfFraction(words[i]!));
    // 30 bits: an angle within the quarter circle around 0. Two bits: mirrored at the diagonal, and at the origin.
    const angle = ((angleWord & 0x3fffffff) - 0x1fffffff - 0.5) * (Math.PI / 2 ** 31);
    const mirrored = angleWord >>> 31;
    const signed = angleWord & 0x40000000 ? -radius : radius;
    normals[i + mirrored] = signed * cosine(angle);
    normals[i + 1 - mirrored] = signed * sine(angle);
  }
  return length % 2 === 0 ? normals : normals.slice(0, length);
}

/** ln((k + ½) / 2³¹) for the upper 31 bits k of a word: the middles of 2³¹ equal parts of (0, 1). */
function logOfFraction(word: number): number {
  const odd = word | 1;
  const zeros = Math.clz32(odd);
  const mantissa = ((odd << zeros) >>> 0) * 2 ** -32;
  const s = (mantissa - Math.SQRT1_2) / (mantissa + Math.SQRT1_2);
  const z = s * s;
  // Coefficients of FreeBSD's log, for |s| <= 0.1716.
  const tail =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))));
  return s * (2 + tail) - (zeros + 0.5) * Math.LN2;
}

/** For |x| <= π/4, with the coefficients of FreeBSD's sin. */
function sine(x: number): number {
  const z = x * x;
  return (
    x +
    x *
      z *
      (-0.16666666666666632 +
        z *
          (0.00833333333332249 +
            z *
              (-0.0001984126982985795 +
                z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))))
  );
}

/** For |x| <= π/4, with the coefficients of FreeBSD's cos. */
function cosine(x: number): number {
  const z = x * x;
  return (
    1 -
    0.5 * z +
    z *
      z *
      (0.0416666666666666 +
        z *
          (-0.001388888888887411 +
            z *
              (2.480158728947673e-5 +
                z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  );
}
