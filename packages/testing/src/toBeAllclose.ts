import {describeValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {MatcherState} from 'vitest';

/** How far values may be apart: |actual − expected| <= atol + rtol · |expected|. */
export interface Tolerance {
  /** Relative to the expected value; default 1e-5. */
  readonly rtol?: number;
  /** Absolute; default 1e-8. */
  readonly atol?: number;
}

declare module 'vitest' {
  interface Matchers<T> {
    /** Every value is close to the expected one, as `numpy.allclose` has it. See {@link toBeAllclose}. */
    toBeAllclose(expected: unknown, tolerance?: Tolerance): void;
  }
}

interface Values {
  readonly values: ArrayLike<number>;
  /** Unknown for typed arrays, which are compared in row-major order. */
  readonly shape?: readonly number[];
}

/**
 * A vitest matcher: every value is close to the expected one, as `numpy.allclose` has it.
 *
 *     |actual − expected| <= atol + rtol · |expected|
 *
 * Takes tensors, nested arrays, typed arrays and numbers on both sides. Shapes must be equal where both sides have
 * one; an expected number stands for all entries. Equal infinities are close, NaN is close to nothing.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {toBeAllclose} from '@gradwire/testing';
 * import {expect} from 'vitest';
 *
 * expect.extend({toBeAllclose}); // once per test file, or in a setup file
 *
 * expect(tf.tensor1d([1, 2])).toBeAllclose([1, 2.00001]);
 * expect(tf.zeros([2, 2])).toBeAllclose(0);
 * expect([0.1]).not.toBeAllclose([0.2], {rtol: 0.1});
 * ```
 * @see `numpy.allclose`.
 */
export function toBeAllclose(
  this: MatcherState,
  actual: unknown,
  expected: unknown,
  {rtol = 1e-5, atol = 1e-8}: Tolerance = {},
): {pass: boolean; message: () => string} {
  const a = readValues('actual', actual);
  const e = readValues('expected', expected);
  const value = typeof expected === 'number' ? () => expected : (i: number) => e.values[i]!;

  if (typeof expected !== 'number') {
    const [have, want] = a.shape && e.shape ? [a.shape, e.shape] : [[a.values.length], [e.values.length]];
    if (have.join() !== want.join()) {
      return {pass: false, message: () => `expected shape [${want}], got [${have}]`};
    }
  }

  let wrong = 0;
  let worst = -1;
  let worstExcess = -1;
  for (let i = 0; i < a.values.length; i++) {
    const x = a.values[i]!;
    const y = value(i);
    if (x === y) continue;
    const excess = Math.abs(x - y) - (atol + rtol * Math.abs(y));
    if (excess <= 0 && Math.abs(y) !== Infinity) continue;
    wrong++;
    if (Number.isNaN(excess) || excess > worstExcess) [worst, worstExcess] = [i, excess];
  }
  return {
    pass: wrong === 0,
    message: () =>
      wrong === 0
        ? `expected values that are not all close (rtol ${rtol}, atol ${atol})`
        : `${wrong} of ${a.values.length} values are not close (rtol ${rtol}, atol ${atol}); ` +
          `at ${worst}: expected ${value(worst)}, got ${a.values[worst]}`,
  };
}

function readValues(side: string, value: unknown): Values {
  if (value instanceof tf.Tensor) return {values: value.dataSync<'float32'>(), shape: value.shape};
  if (typeof value === 'number') return {values: [value], shape: []};
  if (Array.isArray(value)) return {values: tf.util.flatten<number>(value), shape: shapeOf(value)};
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return {values: value as unknown as ArrayLike<number>};
  }
  throw new TypeError(
    `toBeAllclose: ${side} must be a tensor, an array or a number, got ${describeValue(value)}.`,
  );
}

function shapeOf(nested: unknown): number[] {
  return Array.isArray(nested) ? [nested.length, ...shapeOf(nested[0])] : [];
}
