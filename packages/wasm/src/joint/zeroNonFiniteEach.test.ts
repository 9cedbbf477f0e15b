import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, counts, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
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

describe.each([true, false])('ZeroNonFiniteEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it('makes zeros of what is not finite, and keeps shapes', () => {
    tf.tidy(() => {
      const tensors = [
        tf.tensor2d([[NaN, -0, 1e-45]]),
        tf.scalar(-Infinity),
        tf.scalar(3e38),
        tf.zeros([3, 0]),
      ];
      const finite = callJoint('ZeroNonFiniteEach', tensors);
      expect(finite.map(({shape}) => shape)).toEqual([[1, 3], [], [], [3, 0]]);
      const values = [[0, -0, 1e-45], [0], [3e38], []].map((list) => new Float32Array(list));
      expect(finite.map((tensor) => tensor.dataSync())).toEqual(values);
    });
  });

  it('of no tensors is nothing', () => {
    expect(runJoint('ZeroNonFiniteEach', [])).toEqual([]);
  });

  it.each([NaN, Infinity, -Infinity])('finds one %d wherever it is', (value) => {
    const size = 2 * CHUNK + 11;
    for (const at of [0, 1, 7, 31, CHUNK - 1, CHUNK, 2 * CHUNK, size - 1]) {
      const values = waves(size);
      values[at] = value;
      expectFinite([waves(5), values, [value]]);
    }
  });

  it('changes nothing else, for any values', () => {
    const values = fc.array(fc.float(), {maxLength: 20});
    fc.assert(fc.property(fc.array(values, {minLength: 1, maxLength: 5}), expectFinite));
  });

  it('has tensors that do not change share their values, and only these', () => {
    tf.tidy(() => {
      const tensors = [tf.ones([40]), tf.tensor1d([1, NaN]), tf.fill([5], 3e38)];
      const before = counts();
      const finite = callJoint('ZeroNonFiniteEach', tensors);
      expect(finite.map(({dataId}, i) => dataId === tensors[i]!.dataId)).toEqual([true, false, true]);
      expect(counts()).toEqual({tensors: before.tensors + 3, data: before.data + 1});
    });
  });

  it('keeps shared values when the input is disposed of, and frees them with the last', () => {
    const before = counts();
    const x = tf.tensor1d([1, 2]);
    const [y] = callJoint('ZeroNonFiniteEach', [x]) as [tf.Tensor];
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2]);
    y.dispose();
    expect(counts()).toEqual(before);
  });
});

function expectFinite(lists: readonly Values[]): void {
  const expected = lists.map((values) => Float32Array.from(values, (x) => (Number.isFinite(x) ? x : 0)));
  expect(runJoint('ZeroNonFiniteEach', lists)).toEqual(expected);
}
