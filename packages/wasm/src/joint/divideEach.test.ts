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

describe.each([true, false])('DivideEach with SIMD: %j', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it('divides every tensor by a number of its own, and keeps shapes', () => {
    tf.tidy(() => {
      const tensors = [tf.tensor2d([[2, 4]]), tf.scalar(9), tf.zeros([3, 0])];
      const divided = callJoint('DivideEach', tensors, {divisors: tf.tensor1d([2, 3, 5])});
      expect(divided.map(({shape}) => shape)).toEqual([[1, 2], [], [3, 0]]);
      expect(divided.map((tensor) => [...tensor.dataSync()])).toEqual([[1, 2], [3], []]);
    });
  });

  it.each<[string, () => tf.Tensor]>([
    ['a scalar', () => tf.scalar(4)],
    ['a vector of one', () => tf.tensor1d([4])],
  ])('divides all by %s', (_what, divisor) => {
    tf.tidy(() => {
      const divided = callJoint('DivideEach', [tf.scalar(8), tf.scalar(2)], {divisors: divisor()});
      expect(divided.map((tensor) => tensor.dataSync()[0])).toEqual([2, 0.5]);
    });
  });

  it('takes shifts off first', () => {
    const more = {divisors: [2, 1], shifts: [1, 3]};
    expect(runJoint('DivideEach', [[5, 7], [3]], more)).toEqual([
      new Float32Array([2, 3]),
      new Float32Array([0]),
    ]);
  });

  it.each(['divisors', 'shifts'])('refuses %s of another number', (name) => {
    const more = {divisors: [1, 2, 3], [name]: [1, 2]};
    expect(() => runJoint('DivideEach', [[1], [2], [3]], more)).toThrow(
      `DivideEach: ${name} must have 1 or 3 values, got 2.`,
    );
  });

  it('rounds as two operations do, for any values', () => {
    const number = fc.float();
    const row = fc.record({values: fc.array(number, {maxLength: 20}), divisor: number, shift: number});
    fc.assert(
      fc.property(fc.array(row, {minLength: 1, maxLength: 5}), (rows) =>
        expectQuotients(
          rows.map(({values}) => values),
          rows.map(({divisor}) => divisor),
          rows.map(({shift}) => shift),
        ),
      ),
    );
  });

  it.each([1e-30, 1, 1e30])('does so on all sides of a chunk, around %d', (scale) => {
    const sizes = [0, 1, 3, 4, 5, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7];
    const lists = sizes.map((size) => waves(size, scale));
    expectQuotients(lists, waves(sizes.length, scale), waves(sizes.length, scale));
  });

  it('has tensors that do not change share their values, and only these', () => {
    tf.tidy(() => {
      const tensors = [1, 2, 3].map((value) => tf.fill([2], value));
      const more = {divisors: tf.tensor1d([1, 1, 2]), shifts: tf.tensor1d([0, 1, 0])};
      const before = counts();
      const divided = callJoint('DivideEach', tensors, more);
      expect(divided.map(({dataId}, i) => dataId === tensors[i]!.dataId)).toEqual([true, false, false]);
      expect(counts()).toEqual({tensors: before.tensors + 3, data: before.data + 2});
      expect(divided.map((tensor) => tensor.dataSync()[0])).toEqual([1, 1, 1.5]);
    });
  });

  it('keeps shared values when the input is disposed of, and frees them with the last', () => {
    const before = counts();
    const x = tf.tensor1d([1, 2]);
    const one = tf.scalar(1);
    const [y] = callJoint('DivideEach', [x], {divisors: one}) as [tf.Tensor];
    tf.dispose([x, one]);
    expect([...y.dataSync()]).toEqual([1, 2]);
    y.dispose();
    expect(counts()).toEqual(before);
  });

  it('keeps shared values when the variable that had them is assigned anew', () => {
    const before = counts();
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    tf.tidy(() => {
      const [y] = callJoint('DivideEach', [variable], {divisors: tf.scalar(1)}) as [tf.Tensor];
      variable.assign(tf.tensor1d([3, 4]));
      expect([...y.dataSync()]).toEqual([1, 2]);
    });
    variable.dispose();
    expect(counts()).toEqual(before);
  });

  it('leaves nothing behind where memory ends', () => {
    const backend = tf.backend() as unknown as {makeOutput(...values: unknown[]): unknown};
    const tensors = [tf.ones([2]), tf.ones([3]), tf.ones([4])];
    const divisors = tf.tensor1d([1, 2, 3]);
    const before = counts();
    const {makeOutput} = backend;
    const spy = vi.spyOn(backend, 'makeOutput').mockImplementation((...values) => {
      if (spy.mock.calls.length > 1) throw new RangeError('no memory');
      return makeOutput.apply(backend, values);
    });
    expect(() => callJoint('DivideEach', tensors, {divisors})).toThrow('no memory');
    spy.mockRestore();
    expect(counts()).toEqual(before);
    tf.dispose([tensors, divisors]);
  });

  it('is right when its outputs make the memory grow', async () => {
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const tensors = [tf.fill([1 << 22], 6), tf.scalar(8)];
      const more = {divisors: tf.tensor1d([2, 4]), shifts: tf.tensor1d([2, 4])};
      const [large, small] = callJoint('DivideEach', tensors, more) as [tf.Tensor, tf.Tensor];
      expect(large.dataSync().every((value) => value === 2)).toBe(true);
      expect([...small.dataSync()]).toEqual([1]);
    });
  });
});

function expectQuotients(lists: readonly Values[], divisors: Values, shifts: Values): void {
  const expected = lists.map((values, i) =>
    Float32Array.from(values, (t) => Math.fround(Math.fround(t) - shifts[i]!) / divisors[i]!),
  );
  expect(runJoint('DivideEach', lists, {divisors, shifts})).toEqual(expected);
}
