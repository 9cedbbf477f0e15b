import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, expectNear, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
import {prepareWasm} from '../prepareWasm.js';
import {simdKernelsOf} from '../simd/simdKernels.js';
import {CHUNK} from './jointTable.js';

vi.mock(import('../simd/simdKernels.js'), async (original) => {
  const actual = await original();
  return {...actual, simdKernelsOf: vi.fn<typeof actual.simdKernelsOf>(actual.simdKernelsOf)};
});

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

describe.each([true, false])('NormOfEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it.each<[string, number[], number]>([
    ['3 and 4', [3, 4], 5],
    ['zeros', [0, -0], 0],
    ['nothing', [], 0],
    ['one element', [-2], 2],
    ['an infinity', [1, -Infinity, 2], Infinity],
    ['NaN', [1, NaN], NaN],
    ['NaN beside an infinity', [Infinity, NaN], NaN],
    ['more than float32 can hold', [3e38, 3e38], Infinity],
  ])('is exact for %s', (_what, values, norm) => {
    expect([...runJoint('NormOfEach', [values])[0]!]).toEqual([norm]);
  });

  it('is in the order of more than ten keys, with empty tensors among them', () => {
    const lists = Array.from({length: 25}, (_, i) => (i % 4 === 3 ? [] : [i, 0]));
    expect([...runJoint('NormOfEach', lists)[0]!]).toEqual(lists.map(([first]) => first ?? 0));
  });

  it('of no tensors is empty', () => {
    expect(runJoint('NormOfEach', [])).toEqual([new Float32Array()]);
  });

  it('takes tensors of any shapes', () => {
    tf.tidy(() => {
      const tensors = [tf.ones([2, 2]), tf.scalar(-3), tf.ones([1, 3, 3])];
      const [norms] = callJoint('NormOfEach', tensors) as [tf.Tensor];
      expect(norms.shape).toEqual([3]);
      expect([...norms.dataSync()]).toEqual([2, 3, 3]);
    });
  });

  it('brings tensors over from another backend', async () => {
    await tf.setBackend('cpu');
    const tensors = [tf.tensor1d([3, 4]), tf.tensor1d([6, 8])];
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const [norms] = callJoint('NormOfEach', tensors) as [tf.Tensor];
      expect([...norms.dataSync()]).toEqual([5, 10]);
    });
    tf.dispose(tensors);
  });

  it('agrees with a sum in float64 for any values', () => {
    const values = fc.array(fc.float({noNaN: true}), {maxLength: 20});
    fc.assert(fc.property(fc.array(values, {minLength: 1, maxLength: 5}), expectNorms));
  });

  it.each([1e-30, 1, 1e30])('agrees with it on all sides of a chunk, around %d', (scale) => {
    const sizes = [0, 1, 3, 4, 5, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];
    expectNorms(sizes.map((size) => waves(size, scale)));
  });
});

function expectNorms(lists: readonly Values[]): void {
  const expected = lists.map((values) =>
    Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0)),
  );
  const none = lists.map(() => 0);
  expectNear(runJoint('NormOfEach', lists)[0]!, expected, none);
}
