import type {NoiseKind} from './noiseKind.js';
import {scalarNoise} from './scalarNoise.js';
import {simdNoise} from './simd/simdNoise.js';
import type {WordPair} from './threefry.js';

/**
 * Noise as a pure function of key and element index.
 *
 * Block i of {@link threefry2x32}, the words a and b, gives the elements 2i and 2i + 1. The kinds:
 *
 * - `normal`: `amount` · standard normal numbers, by Box and Muller (1958): a gives the radius √(−2 ln u), b the angle. At most
 *   6.66 `amount`.
 * - `uniform`: `amount` · numbers uniform in (−1, 1), odd multiples of 2⁻²⁴, from the upper 24 bits of one word each.
 * - `drop`: 1 / (1 − `amount`) where the `uniform` number is ≥ 2 · `amount` − 1, else 0: a factor that drops elements at the rate
 *   `amount`, in [0, 1), and keeps the mean.
 *
 * All arithmetic is in float32, and all of it is exactly rounded: + − · / √ and conversions from integers, never fused. `Math`'s
 * functions would differ between engines; these operations cannot. So a key gives the same bits in JavaScript, in
 * WebAssembly and in NumPy, and nearly the same on a device that fuses.
 *
 * Against float64, over all words: the radius is off by at most 1.8e-7 of itself, sine and cosine by 2.2e-7. So a standard normal
 * number is off by less than 4.5e-7 of itself; the largest absolute error found is 1.0e-6, beyond 6 deviations.
 *
 * @param kind which distribution.
 * @param key which stream.
 * @param length how many.
 * @param amount standard deviation, largest size, or rate; rounded to float32.
 * @returns values that are good until the next call: they may lie in memory that it writes into.
 */
export function counterNoise(kind: NoiseKind, key: WordPair, length: number, amount: number): Float32Array {
  return simdNoise(kind, key, length, amount) ?? scalarNoise(kind, key, length, amount);
}
