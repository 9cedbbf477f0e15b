import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {statisticsOfEach} from './index.js';
import {registerCpuKernels} from './cpuKernels.js';

const below = Math.fround(0.1);
const [inf, nan] = [Infinity, NaN];
const names = ['mean', 'std', 'meanAbs', 'norm', 'maxAbs', 'min', 'max', 'zeros', 'below'];

// With the kernel of the cpu backend, and made of operations as on backends that have none.
describe.each([true, false])('statisticsOfEach, with a kernel: %j', (withKernel) => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    if (!withKernel) tf.unregisterKernel('StatisticsOfEach', 'cpu');
  });
  afterAll(registerCpuKernels);

  it('names its columns', () => {
    expect(statisticsOfEach({}).quantities).toEqual(names.slice(0, -1));
    expect(statisticsOfEach({}, {below}).quantities).toEqual(names);
  });

  it('has a row for every tensor, whatever its shape and type', () => {
    const tensors = {a: tf.scalar(-3), b: tf.ones([2, 3, 4]), c: tf.tensor([1, 0], [2], 'int32')};
    const {values} = statisticsOfEach(tensors);
    expect(values.shape).toEqual([3, 8]);
    expect(values.dtype).toBe('float32');
    expect(values.arraySync()[2]).toEqual([0.5, 0.5, 0.5, 1, 1, 0, 1, 0.5]);
  });

  it('of no tensors has no rows', () => {
    expect(statisticsOfEach({}).values.shape).toEqual([0, 8]);
    expect(statisticsOfEach({}, {below}).values.shape).toEqual([0, 9]);
  });

  it.each<[string, number[], number[]]>([
    ['nothing', [], [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['one element', [-7], [-7, 0, 7, 7, 7, -7, -7, 0, 0]],
    ['two', [3, -4], [-0.5, 3.5, 3.5, 5, 4, -4, 3, 0, 0]],
    ['zeros of either sign', [4, 0, -0, -4], [0, Math.sqrt(8), 2, Math.sqrt(32), 4, -4, 4, 0.5, 0.5]],
    ['an infinity at last', [1, 0, inf], [inf, nan, inf, inf, inf, 0, inf, 1 / 3, 1 / 3]],
    ['an infinity at first', [-inf, 1], [-inf, nan, inf, inf, inf, -inf, 1, 0, 0]],
    ['infinities of either sign', [inf, -inf], [nan, nan, inf, inf, inf, -inf, inf, 0, 0]],
    ['NaN at first', [nan, 0, 1, 2], [nan, nan, nan, nan, nan, nan, nan, 0.25, 0.25]],
    ['NaN at last', [0.05, 0, 1, nan], [nan, nan, nan, nan, nan, nan, nan, 0.25, 0.5]],
    ['NaN and an infinity', [inf, nan], [nan, nan, nan, nan, nan, nan, nan, 0, 0]],
    ['the threshold itself', [0.1, -0.1, 0.05, -0.05], slowly([0.1, -0.1, 0.05, -0.05].map(Math.fround))],
  ])('is right for %s', (_what, values, expected) => {
    expectNear(rowsOf([values])[0]!, expected, 4);
  });

  it('keeps small deviations beside a large mean', () => {
    const values = Float32Array.from({length: 999}, (_, i) => 1e4 + Math.sin(i * i) / 100);
    expectNear(rowsOf([values])[0]!, slowly([...values]), 1e-7);
  });

  it.each([1e-37, 1e-20, 1, 1e20, 3e37])('survives %d', (scale) => {
    const values = Float32Array.from({length: 20}, (_, i) => (1 + Math.sin(i * i)) * scale);
    expectNear(rowsOf([values])[0]!, slowly([...values]), scale);
  });

  it('agrees with the slow twin for any values', () => {
    const float = fc.float({noNaN: true, min: Math.fround(-1e30), max: Math.fround(1e30)});
    const lists = fc.array(fc.array(float, {maxLength: 20}), {minLength: 1, maxLength: 5});
    fc.assert(
      fc.property(lists, (all) => {
        const rows = rowsOf(all);
        all.forEach((values, i) =>
          expectNear(
            rows[i]!,
            slowly(values),
            values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
          ),
        );
      }),
    );
  });

  it('leaves nothing behind', () => {
    const tensors = {a: tf.ones([3, 2]), b: tf.zeros([0]), c: tf.tensor1d([1], 'int32')};
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) statisticsOfEach(tensors, {below}).values.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(tensors);
  });

  it.each([0, -1, nan, inf])('rejects a threshold of %d', (wrong) => {
    expect(() => statisticsOfEach({}, {below: wrong})).toThrow(RangeError);
    expect(() => statisticsOfEach({}, {below: wrong})).toThrow(/^statisticsOfEach: below must be/);
  });
});

function rowsOf(lists: readonly ArrayLike<number>[]): number[][] {
  return tf.tidy(() => {
    const tensors = lists.map((values) => tf.tensor1d(Float32Array.from(values)));
    return statisticsOfEach(Object.fromEntries(tensors.entries()), {below}).values.arraySync();
  });
}

/** Within 1e-6 of a value, or 1e-6 of `scale`, as sums are that cancel. */
function expectNear(actual: readonly number[], expected: readonly number[], scale: number): void {
  expected.forEach((value, i) => {
    const shouldBe = Math.fround(value);
    const slack = Number.isFinite(shouldBe) ? (Math.abs(shouldBe) + scale) * 1e-6 + 2e-45 : 0;
    const isNear = Object.is(actual[i], shouldBe) || Math.abs(actual[i]! - shouldBe) <= slack;
    expect(isNear, `${names[i]} is ${actual[i]}, not ${shouldBe}`).toBe(true);
  });
}

/** The twin: float64, one quantity after the other. */
function slowly(values: readonly number[]): number[] {
  const {length: n} = values;
  if (n === 0) return Array.from({length: 9}, () => 0);
  const sumOf = (of: (value: number) => number): number => values.reduce((sum, value) => sum + of(value), 0);
  const mean = sumOf((value) => value) / n;
  return [
    mean,
    Math.sqrt(sumOf((value) => (value - mean) ** 2) / n),
    sumOf(Math.abs) / n,
    Math.sqrt(sumOf((value) => value ** 2)),
    Math.max(...values.map(Math.abs)),
    Math.min(...values),
    Math.max(...values),
    sumOf((value) => Number(value === 0)) / n,
    sumOf((value) => Number(Math.abs(value) < below)) / n,
  ];
}
