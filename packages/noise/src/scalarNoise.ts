import type {NoiseKind} from './noiseKind.js';
import {scalarNormals} from './scalarNormals.js';
import {threefry2x32, type WordPair} from './threefry.js';

/** {@link counterNoise} in plain JavaScript. */
export function scalarNoise(kind: NoiseKind, key: WordPair, length: number, amount: number): Float32Array {
  const noise = new Float32Array(length + (length % 2));
  // The words lie where the noise takes their place.
  const words = new Int32Array(noise.buffer);
  threefry2x32(key, [0, 0], words);
  if (kind === 'normal') scalarNormals(words, noise, Math.fround(amount));
  else if (kind === 'uniform') uniforms(words, noise, Math.fround(amount));
  else dropMask(words, noise, Math.fround(amount));
  return length % 2 === 0 ? noise : noise.slice(0, length);
}

function uniforms(words: Int32Array, noise: Float32Array, amount: number): void {
  for (let i = 0; i < noise.length; i++) noise[i] = amount * uniform(words[i]!);
}

function dropMask(words: Int32Array, noise: Float32Array, rate: number): void {
  const least = Math.fround(2 * rate - 1);
  const scale = Math.fround(1 / Math.fround(1 - rate));
  for (let i = 0; i < noise.length; i++) noise[i] = uniform(words[i]!) >= least ? scale : 0;
}

/** The upper 24 bits as the middles of equal parts of (−1, 1); exact in float32. */
function uniform(word: number): number {
  return ((word >> 8) + 0.5) * 2 ** -23;
}
