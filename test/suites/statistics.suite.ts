import {statisticsOfEach} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {normOf, valuesOf} from './support/values.js';

const below = 0.25;

describe('statistics of many tensors are those of plain arithmetic:', () => {
  it.each<[string, readonly number[]]>([
    ['waves', Array.from({length: 5000}, (_, i) => Math.sin(i * i))],
    ['large ones, cut in two', waves(70_001, 1, 0.5)],
    ['a few', [3, -4, 0, 0.2]],
    ['one', [-7]],
    ['none', []],
    ['zeros', [0, -0, 0]],
    ['huge ones', waves(1000, 1e30, 0)],
    ['tiny ones', waves(1000, 1e-30, 3e-30)],
    ['a large mean', waves(3000, 1e-2, 1e4)],
    ['equal ones', filled(2000, 0.1)],
  ])('%s', async (_what, list) => {
    const others = [tf.ones([300, 3]), tf.tensor1d([1e20, -1e-20])];
    const values = [...Float32Array.from(list)];
    const [mean, std, ...rest] = await rowOf(values, others);
    const [expectedMean, expectedStd, ...expected] = statistics(values);
    const atol = 1e-6 * Math.max(0, ...values.map(Math.abs));
    expect(mean).toBeAllclose(expectedMean!, {rtol: 1e-5, atol});
    expect(std).toBeAllclose(expectedStd!, {rtol: 1e-5, atol: 1e-3 * atol});
    expect(rest).toBeAllclose(expected, {rtol: 1e-5, atol: 0});
    tf.dispose(others);
  });

  it('NaN makes all of them NaN but the shares', async () => {
    for (const values of [
      [NaN, 1, 0, 2],
      [1, 0, 2, NaN],
    ]) {
      expect(await rowOf(values, [tf.ones([400])])).toEqual([...filled(7, NaN), 0.25, 0.25]);
    }
  });

  it('an infinity leaves them their size', async () => {
    const [inf, nan] = [Infinity, NaN];
    const values = [-inf, ...filled(998, 1), 0];
    const share = Math.fround(1e-3);
    expect(await rowOf(values)).toEqual([-inf, nan, inf, inf, inf, -inf, 1, share, share]);
  });

  it('leave nothing behind', () => {
    const tensors = {kernel: tf.ones([100, 30]), bias: tf.zeros([30]), none: tf.zeros([0])};
    return expectNoLeaks(() => statisticsOfEach(tensors, {below}).values.dispose());
  });
});

function waves(length: number, size: number, mean: number): number[] {
  return Array.from({length}, (_, i) => mean + size * Math.sin(i * i));
}

function filled(length: number, value: number): number[] {
  return Array.from({length}, () => value);
}

/** The row of a tensor with these values, between others. */
async function rowOf(values: readonly number[], others: readonly tf.Tensor[] = []): Promise<number[]> {
  const tensors = [...others, tf.tensor1d(Float32Array.from(values)), ...others];
  const {values: table} = statisticsOfEach(Object.fromEntries(tensors.entries()), {below});
  const all = await valuesOf(table);
  return all.slice(9 * others.length, 9 * (others.length + 1));
}

/** The slow twin. */
function statistics(values: readonly number[]): number[] {
  const n = Math.max(1, values.length);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sizes = values.map(Math.abs);
  return [
    mean,
    normOf(values.map((value) => value - mean)) / Math.sqrt(n),
    sizes.reduce((sum, size) => sum + size, 0) / n,
    normOf(values),
    Math.max(...(values.length === 0 ? [0] : sizes)),
    Math.min(...(values.length === 0 ? [0] : values)),
    Math.max(...(values.length === 0 ? [0] : values)),
    sizes.filter((size) => size === 0).length / n,
    sizes.filter((size) => size < below).length / n,
  ];
}
