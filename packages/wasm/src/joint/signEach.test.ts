import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
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

describe.each([true, false])('SignEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it.each([
    [2, 1],
    [-3e38, -1],
    [0, 0],
    [-0, 0],
    [1e-45, 1],
    [-1e-40, -1],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
  ])('makes %d %d, whichever of five it is', (value, sign) => {
    expect(runJoint('SignEach', [Array.from({length: 5}, () => value)])).toEqual([
      new Float32Array(5).fill(sign),
    ]);
  });

  it('keeps shapes, with empty tensors among them', () => {
    tf.tidy(() => {
      const signs = callJoint('SignEach', [tf.tensor2d([[-2], [4]]), tf.scalar(9), tf.zeros([3, 0])]);
      expect(signs.map(({shape}) => shape)).toEqual([[2, 1], [], [3, 0]]);
      expect(signs.map((tensor) => [...tensor.dataSync()])).toEqual([[-1, 1], [1], []]);
    });
  });

  it('of no tensors is nothing', () => {
    expect(runJoint('SignEach', [])).toEqual([]);
  });

  it('gives the signs that JavaScript gives, for any values', () => {
    const values = fc.array(fc.float(), {maxLength: 20});
    fc.assert(fc.property(fc.array(values, {minLength: 1, maxLength: 5}), expectSigns));
  });

  it('does so on all sides of a chunk', () => {
    const sizes = [0, 1, 3, 4, 5, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];
    expectSigns(sizes.map((size) => waves(size)));
  });
});

function expectSigns(lists: readonly Values[]): void {
  const expected = lists.map((values) => Float32Array.from(values, (x) => Math.sign(Math.fround(x)) + 0));
  expect(runJoint('SignEach', lists)).toEqual(expected);
}
