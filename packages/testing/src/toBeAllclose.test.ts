import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {toBeAllclose} from './toBeAllclose.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

/** The message of the assertion that `fn` fails. */
function failure(fn: () => void): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  return 'passed';
}

describe('toBeAllclose', () => {
  it.each([
    ['tensors', tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 2]])],
    ['a tensor and nested arrays', tf.tensor2d([[1, 2]]), [[1, 2]]],
    ['a tensor and a typed array', tf.tensor2d([[1, 2]]), Float32Array.of(1, 2)],
    ['typed arrays of two kinds', Float32Array.of(1, 2), Int32Array.of(1, 2)],
    ['arrays', [1, 2], [1, 2]],
    ['numbers', 1, 1],
    ['a scalar tensor and a number', tf.scalar(3), 3],
    ['a tensor and the number of all its entries', tf.fill([2, 2], 3), 3],
    ['nothing and nothing', [], Float32Array.of()],
  ])('takes %s', (_, actual, expected) => {
    expect(actual).toBeAllclose(expected);
  });

  it('allows rtol times the expected value, not the actual one', () => {
    expect(90).toBeAllclose(100, {rtol: 0.1, atol: 0});
    expect(100).not.toBeAllclose(90, {rtol: 0.1, atol: 0});
  });

  it('allows atol besides', () => {
    expect([111]).toBeAllclose([100], {rtol: 0.1, atol: 1});
    expect([111.5]).not.toBeAllclose([100], {rtol: 0.1, atol: 1});
  });

  it('takes the tolerances of NumPy by default', () => {
    expect([1.0000099, 9e-9]).toBeAllclose([1, 0]);
    expect(1.0000102).not.toBeAllclose(1);
    expect(1.1e-8).not.toBeAllclose(0);
  });

  it('takes equal infinities as close, and opposite ones not', () => {
    expect([Infinity, -Infinity]).toBeAllclose([Infinity, -Infinity]);
    expect([-Infinity]).not.toBeAllclose([Infinity]);
    expect([1]).not.toBeAllclose([Infinity]);
    expect([Infinity]).not.toBeAllclose([1]);
  });

  it('takes NaN as close to nothing', () => {
    expect([Number.NaN]).not.toBeAllclose([Number.NaN]);
    expect([1]).not.toBeAllclose([Number.NaN]);
  });

  it('tells apart shapes', () => {
    expect(failure(() => expect([[1, 2]]).toBeAllclose([1, 2]))).toBe('expected shape [2], got [1,2]');
    expect(failure(() => expect(tf.ones([3])).toBeAllclose(Float32Array.of(1, 1)))).toBe(
      'expected shape [2], got [3]',
    );
  });

  it('shows the value that is farthest off', () => {
    expect(failure(() => expect([1, 2, 5]).toBeAllclose([1, 2.5, 3]))).toBe(
      '2 of 3 values are not close (rtol 0.00001, atol 1e-8); at 2: expected 3, got 5',
    );
  });

  it('shows where a NaN is', () => {
    expect(failure(() => expect([9, Number.NaN, 9]).toBeAllclose([1, 2, 3]))).toContain(
      'at 1: expected 2, got NaN',
    );
  });

  it('says what is wrong with .not', () => {
    expect(failure(() => expect([1]).not.toBeAllclose([1]))).toContain('not all close');
  });

  it('names the side that has no numbers', () => {
    expect(() => expect([1]).toBeAllclose('one')).toThrow(
      new TypeError("toBeAllclose: expected must be a tensor, an array or a number, got the string 'one'."),
    );
  });
});
