import {type Initializer, paramSpec} from '@gradwire/core';
import {toBeAllclose} from '@gradwire/testing';
import {expect} from 'vitest';

expect.extend({toBeAllclose});

export const draw = (initializer: Initializer, shape: number[], seed = 1): Float32Array =>
  initializer(paramSpec('layer/kernel', shape), seed).dataSync() as Float32Array;

export const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

export const deviationOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(Array.from(values, (value) => (value - mean) ** 2)));
};

export const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values, Math.abs).reduce((a, b) => Math.max(a, b));

/** 120 000 values: deviations are exact to 0.2 %, bounds are nearly reached. */
export const wide = [300, 400];

export function expectUniform(initializer: Initializer, limit: number, shape = wide): void {
  const values = draw(initializer, shape);
  expect(largestOf(values)).toBeLessThanOrEqual(limit * (1 + 1e-6));
  expect(largestOf(values)).toBeGreaterThan(0.999 * limit);
  expect(deviationOf(values)).toBeAllclose(limit / Math.sqrt(3), {rtol: 0.01});
}

export function expectNormal(initializer: Initializer, deviation: number, shape = wide): void {
  const values = draw(initializer, shape);
  expect(deviationOf(values)).toBeAllclose(deviation, {rtol: 0.01});
  expect(meanOf(values)).toBeAllclose(0, {atol: 0.01 * deviation});
  // 4.6 % of a normal distribution lie beyond two deviations, nothing of one truncated there.
  const beyond = Array.from(values).filter((value) => Math.abs(value) > 2 * deviation).length / values.length;
  expect(beyond).toBeAllclose(0.0455, {rtol: 0.05});
}

/** A truncated normal distribution: its deviation, and where it ends. */
export function expectTruncated(initializer: Initializer, deviation: number, end: number): void {
  const values = draw(initializer, wide);
  expect(deviationOf(values)).toBeAllclose(deviation, {rtol: 0.01});
  expect(largestOf(values)).toBeLessThanOrEqual(end * (1 + 1e-6));
  expect(largestOf(values)).toBeGreaterThan(0.99 * end);
}

/** Of a normal distribution cut off at two deviations. */
export const TRUNCATED = 0.87962566;
