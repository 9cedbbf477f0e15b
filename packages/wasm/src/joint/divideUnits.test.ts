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

describe.each([true, false])('DivideUnits with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it('divides every column by a number of its own, and keeps shapes', () => {
    tf.tidy(() => {
      const tensors = [tf.tensor4d([2, 4, 6, 8], [2, 1, 1, 2]), tf.scalar(9), tf.zeros([0, 2])];
      const more = {divisors: tf.tensor1d([2, 4, 3, 5, 6])};
      const divided = callJoint('DivideUnits', tensors, more, {units: [2, 1, 2]});
      expect(divided.map(({shape}) => shape)).toEqual([[2, 1, 1, 2], [], [0, 2]]);
      expect(divided.map((tensor) => [...tensor.dataSync()])).toEqual([[1, 1, 3, 2], [3], []]);
    });
  });

  it('takes shifts off first, or only these', () => {
    const [grads, shifts, units] = [[[5, 7, 9, 3]], [1, 3], [2]];
    expect(runJoint('DivideUnits', grads, {divisors: [2, 4], shifts}, {units})).toEqual([
      new Float32Array([2, 1, 4, 0]),
    ]);
    expect(runJoint('DivideUnits', grads, {shifts}, {units})).toEqual([new Float32Array([4, 4, 8, 0])]);
  });

  it.each(['divisors', 'shifts'])('refuses %s of another number', (name) => {
    expect(() => runJoint('DivideUnits', [[1, 2]], {[name]: [1, 2, 3]}, {units: [2]})).toThrow(
      `DivideUnits: ${name} must have 2 values, got 3.`,
    );
  });

  it('rounds as two operations do, for any values', () => {
    const number = fc.float();
    const matrix = fc
      .tuple(fc.integer({min: 0, max: 9}), fc.integer({min: 1, max: 9}))
      .chain(([rows, units]) => {
        const list = (length: number) => fc.array(number, {minLength: length, maxLength: length});
        return fc.tuple(list(rows * units), list(units), list(units));
      });
    fc.assert(
      fc.property(fc.array(matrix, {minLength: 1, maxLength: 4}), (matrices) =>
        expectQuotients(
          matrices.map(([values]) => values),
          matrices.map(([, divisors]) => divisors),
          matrices.map(([, , shifts]) => shifts),
        ),
      ),
    );
  });

  it('does so on all sides of a chunk', () => {
    const shapes = [
      [0, 3], [1, 1], [1, 5], [3, 1], [7, 63], [33, 64], [255, 65], [256, 64], [257, 64],
      [CHUNK - 1, 1], [CHUNK, 1], [CHUNK + 1, 1], [5000, 10], [32, 512], [101, 514], [2, 20_001],
    ] as const; // prettier-ignore
    expectQuotients(
      shapes.map(([rows, units]) => waves(rows * units)),
      shapes.map(([, units]) => waves(units, 3)),
      shapes.map(([, units]) => waves(units, 0.5)),
    );
  });

  it('has tensors that do not change share their values, and only these', () => {
    tf.tidy(() => {
      const tensors = [1, 2, 3].map((value) => tf.fill([2, 2], value));
      const more = {divisors: tf.tensor1d([1, 1, 1, 1, 1, 2]), shifts: tf.tensor1d([0, 0, 0, 1, 0, 0])};
      const before = counts();
      const divided = callJoint('DivideUnits', tensors, more, {units: [2, 2, 2]});
      expect(divided.map(({dataId}, i) => dataId === tensors[i]!.dataId)).toEqual([true, false, false]);
      expect(counts()).toEqual({tensors: before.tensors + 3, data: before.data + 2});
      expect(divided.map((tensor) => [...tensor.dataSync()].slice(2))).toEqual([[1, 1], [2, 1], [3, 1.5]]); // prettier-ignore
    });
  });
});

function expectQuotients(
  lists: readonly Values[],
  divisors: readonly Values[],
  shifts: readonly Values[],
): void {
  const expected = lists.map((values, i) =>
    Float32Array.from(values, (t, at) => {
      const [divisor, shift] = [divisors[i]!, shifts[i]!].map((all) => Math.fround(all[at % all.length]!));
      return Math.fround(Math.fround(t) - shift!) / divisor!;
    }),
  );
  const flat = (all: readonly Values[]): number[] => all.flatMap((values) => Array.from(values));
  const more = {divisors: flat(divisors), shifts: flat(shifts)};
  const units = divisors.map(({length}) => length);
  expect(runJoint('DivideUnits', lists, more, {units})).toEqual(expected);
}
