import {type NoiseKind, noiseKinds} from '../noiseKind.js';
import type {WordPair} from '../threefry.js';
import {simdModule} from './simdModule.js';

/**
 * {@link counterNoise} by WebAssembly SIMD; undefined where there is none.
 *
 * A view on the module's memory, which keeps the size of the longest: the next call of this or of `simdPerturbed` writes into it.
 */
export function simdNoise(
  kind: NoiseKind,
  key: WordPair,
  length: number,
  amount: number,
): Float32Array | undefined {
  const module = simdModule();
  const values = module?.values(length);
  if (module === undefined || values === undefined) return undefined;
  const number = noiseKinds.indexOf(kind);
  module.perturbChunk(number, 0, module.at, key[0], key[1], 0, length, amount, module.scratch);
  return values.subarray(0, length);
}
