import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {expectNear, largest, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
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

describe.each([true, false])('MomentsOfEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it.each<[string, number[], number, number]>([
    ['2, 4 and 6', [2, 4, 6], 4, 2],
    ['nothing', [], 0, 0],
    ['one element', [-7], -7, 0],
    ['an infinity at last', [1, 2, Infinity], Infinity, NaN],
    ['an infinity at first', [Infinity, 1], Infinity, NaN],
    ['infinities of either sign', [Infinity, -Infinity], NaN, NaN],
    ['NaN at first', [NaN, 1], NaN, NaN],
    ['NaN at last', [1, NaN], NaN, NaN],
  ])('are exact for %s', (_what, values, mean, deviation) => {
    expect(runJoint('MomentsOfEach', [values])).toEqual([
      new Float32Array([mean]),
      new Float32Array([deviation]),
    ]);
  });

  it.each([0.1, -3e38, 3e38, 1e-45, 1 / 3])('of equal entries are %d and exactly 0', (value) => {
    const lists = [1, 2, 5, 1001, CHUNK + 1].map((size) => new Float32Array(size).fill(value));
    const [means, deviations] = runJoint('MomentsOfEach', lists);
    expect([...means!]).toEqual(lists.map(() => Math.fround(value)));
    expect([...deviations!]).toEqual(lists.map(() => 0));
  });

  it('keep small differences beside a large mean', () => {
    const [means, deviations] = runJoint('MomentsOfEach', [[16_777_214, 16_777_215, 16_777_216]]);
    expect([means![0], deviations![0]]).toEqual([16_777_215, 1]);
  });

  it('of no tensors are empty', () => {
    expect(runJoint('MomentsOfEach', [])).toEqual([new Float32Array(), new Float32Array()]);
  });

  it('agree with two passes in float64 for any values', () => {
    const values = fc.array(fc.float({noNaN: true, noDefaultInfinity: true}), {maxLength: 20});
    fc.assert(fc.property(fc.array(values, {minLength: 1, maxLength: 5}), expectMoments));
  });

  it.each([1e-30, 1, 1e30])('agree with them on all sides of a chunk, around %d', (scale) => {
    const sizes = [0, 1, 3, 4, 5, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];
    expectMoments(sizes.map((size) => waves(size, scale).map((value) => value + scale * 5)));
  });
});

function expectMoments(lists: readonly Values[]): void {
  const [means, deviations] = runJoint('MomentsOfEach', lists);
  const expected = lists.map((values) => momentsOf(Array.from(values)));
  const slack = lists.map((values) => largest(values) * 1e-12);
  expectNear(
    means!,
    expected.map(([mean]) => mean),
    slack,
  );
  expectNear(
    deviations!,
    expected.map(([, deviation]) => deviation),
    slack,
  );
}

function momentsOf(values: readonly number[]): [mean: number, deviation: number] {
  const {length} = values;
  if (length === 0) return [0, 0];
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, length === 1 ? 0 : Math.sqrt(squares / (length - 1))];
}
