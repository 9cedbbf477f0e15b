import type {NoiseKind} from './noiseKind.js';
import {scalarNoise} from './scalarNoise.js';
import {simdPerturbed} from './simd/simdPerturbed.js';
import type {WordPair} from './threefry.js';

/** x + {@link counterNoise}, or x · mask where the kind is `drop`: values of their own. */
export function perturbed(kind: NoiseKind, key: WordPair, x: Float32Array, amount: number): Float32Array {
  return simdPerturbed(kind, key, x, amount) ?? scalarPerturbed(kind, key, x, amount);
}

function scalarPerturbed(kind: NoiseKind, key: WordPair, x: Float32Array, amount: number): Float32Array {
  const y = scalarNoise(kind, key, x.length, amount);
  if (kind === 'drop') for (let i = 0; i < y.length; i++) y[i]! *= x[i]!;
  else for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
  return y;
}
