import {afterEach, expect, it, vi} from 'vitest';
import {noiseKinds} from './noiseKind.js';
import {perturbed} from './perturbed.js';

const key = [1, -2] as const;
const x = Float32Array.from({length: 1001}, (_, i) => Math.sin(i));

afterEach(() => vi.unstubAllGlobals());

it.each(noiseKinds)('gives the same bits with and without WebAssembly: %s', async (kind) => {
  vi.stubGlobal('WebAssembly', undefined);
  vi.resetModules();
  const plain = await import('./perturbed.js');
  expect(plain.perturbed(kind, key, x, 0.3)).toEqual(perturbed(kind, key, x, 0.3));
});
