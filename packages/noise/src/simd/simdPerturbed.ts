import {type NoiseKind, noiseKinds} from '../noiseKind.js';
import type {WordPair} from '../threefry.js';
import {simdModule, SURE_VALUES} from './simdModule.js';

/** {@link perturbed} by WebAssembly SIMD; undefined where there is none. */
export function simdPerturbed(
  kind: NoiseKind,
  key: WordPair,
  x: Float32Array,
  amount: number,
): Float32Array | undefined {
  const module = simdModule();
  const values = module?.values(SURE_VALUES);
  if (module === undefined || values === undefined) return undefined;
  const {at, scratch} = module;
  const number = noiseKinds.indexOf(kind);
  const {length} = x;
  if (length <= SURE_VALUES) {
    values.set(x);
    module.perturbChunk(number, at, at, key[0], key[1], 0, length, amount, scratch);
    return values.slice(0, length);
  }
  const y = new Float32Array(length);
  for (let first = 0; first < length; first += SURE_VALUES) {
    const count = Math.min(SURE_VALUES, length - first);
    values.set(x.subarray(first, first + count));
    module.perturbChunk(number, at, at, key[0], key[1], first, count, amount, scratch);
    y.set(values.subarray(0, count), first);
  }
  return y;
}
