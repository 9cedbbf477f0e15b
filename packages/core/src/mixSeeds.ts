/**
 * Mixes numbers into one 32-bit seed; a change of any of them changes about half of the bits.
 *
 * @param parts whole numbers >= 0.
 * @example
 * ```ts
 * import {mixSeeds} from '@gradwire/core';
 *
 * console.log(mixSeeds(42, 0) === mixSeeds(42, 1)); // false
 * ```
 */
export function mixSeeds(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  // Words of 32 bits: a seed may have up to 53 bits.
  const words = parts.flatMap((part) => (part < 2 ** 32 ? part : [part, Math.floor(part / 2 ** 32)]));
  for (const part of words) {
    hash = Math.imul(hash ^ (part >>> 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
