import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {quantilesOfEach} from './quantilesOfEach.js';

useCpu();

/** The slow twin: numpy's definition in float64. */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = quantile * (values.length - 1);
  const [lower, upper] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return lower + (upper - lower) * (place - Math.floor(place));
}

const quantilesOf = (values: readonly number[], ...quantiles: readonly number[]): number[] => [
  ...quantilesOfEach({t: tf.tensor1d([...values])}, quantiles).dataSync(),
];

it('interpolates between neighbours', () => {
  expect(quantilesOf([4, 1, 3, 2], 0, 0.25, 0.5, 1)).toEqual([1, 1.75, 2.5, 4]);
});

it('gives a row for each tensor', () => {
  const found = quantilesOfEach({a: tf.scalar(7), b: tf.tensor2d([[3], [1]])}, [0, 1]);
  expect(found.arraySync()).toEqual([
    [7, 7],
    [1, 3],
  ]);
});

it('agrees with a slow twin that downloads the tensor', () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.float({noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6}),
  );
  const quantile = fc.double({min: 0, max: 1, noNaN: true});
  fc.assert(
    fc.property(fc.array(value, {minLength: 1, maxLength: 40}), quantile, (values, q) => {
      const size = Math.max(...values.map(Math.abs));
      const [found] = quantilesOf(values, q);
      expect(Math.abs(found! - quantileOf(values, q))).toBeLessThanOrEqual(1e-6 * size);
    }),
  );
});

it.each([
  ['both ends of float32', [-3e38, 3e38], 0.5, 0],
  ['an infinite entry that is not met', [1, 2, Infinity], 0.5, 2],
  ['an infinite entry', [1, 2, Infinity], 1, Infinity],
  ['an infinite neighbour', [1, Infinity], 0.5, Infinity],
  ['NaN anywhere', [1, NaN, 2], 0, NaN],
])('copes with %s', (_what, values, quantile, expected) => {
  expect(quantilesOf(values, quantile)).toEqual([expected]);
});

it('of nothing are 0', () => {
  expect(quantilesOf([], 0, 1)).toEqual([0, 0]);
  expect(quantilesOfEach({}, [0, 1]).shape).toEqual([0, 2]);
});

it('leaks nothing', async () => {
  const tensors = {t: tf.tensor1d([3, 1, 2])};
  await expectNoLeaks(() => quantilesOfEach(tensors, [0.5]).dispose());
});
