import {paramSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {momentsOf} from '../fixtures/moments.js';
import {sparse} from './sparse.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** The weights into each unit. */
function unitsOf(sparsity: number, shape: readonly number[], seed = 42): number[][] {
  const kernel = sparse({sparsity})(paramSpec('dense/kernel', shape), seed);
  return tf.transpose(tf.reshape(kernel, [-1, shape.at(-1)!])).arraySync() as number[][];
}

function zerosIn(values: readonly number[]): number {
  return values.filter((value) => value === 0).length;
}

describe('sparse', () => {
  // PyTorch: math.ceil(sparsity * rows) zeros in each column.
  it.each([
    [0.1, [10, 4], 1],
    [0.5, [5, 3], 3],
    [0.1, [30, 4], 3],
    [0.85, [100, 20], 85],
    [0, [10, 4], 0],
    [1, [10, 4], 10],
    [0.5, [3, 3, 2, 4], 9],
  ])('with sparsity %d and shape %j gives each unit %i zeros', (sparsity, shape, zeros) => {
    expect(unitsOf(sparsity, shape).map(zerosIn)).toEqual(Array.from({length: shape.at(-1)!}, () => zeros));
  });

  it('gives each unit as many zeros as every other, whatever the shape', () => {
    const sizes = fc.integer({min: 1, max: 20});
    fc.assert(
      fc.property(sizes, sizes, fc.double({min: 0, max: 1, noNaN: true}), (inputs, units, sparsity) => {
        expect(new Set(unitsOf(sparsity, [inputs, units]).map(zerosIn)).size).toBe(1);
      }),
    );
  });

  it('leaves out every input equally often', () => {
    const units = unitsOf(0.3, [10, 10_000]);
    const counts = Array.from({length: 10}, (_, input) => units.filter((unit) => unit[input] === 0).length);
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(4 * Math.sqrt(10_000 * 0.21));
  });

  it('draws the others from a normal distribution of the deviation', () => {
    const kernel = sparse({sparsity: 0.5, stddev: 2})(paramSpec('dense/kernel', [1000, 1000]), 42);
    const others = momentsOf(kernel.dataSync().filter((value) => value !== 0));
    expect(Math.abs(others.deviation / 2 - 1)).toBeLessThan(0.004);
    expect(Math.abs(others.kurtosis - 3)).toBeLessThan(0.03);
  });

  it.each<[object, string]>([
    [{sparsity: 1.5}, 'sparsity must be <= 1, got 1.5.'],
    [{sparsity: -0.1}, 'sparsity must be >= 0, got -0.1.'],
    [{}, 'sparsity must be a number >= 0, got undefined.'],
    [{sparsity: 0.5, stddev: -1}, 'stddev must be >= 0, got -1.'],
  ])('refuses %o', (options, message) => {
    expect(() => sparse(options as never)).toThrow(new RangeError(`sparse: ${message}`));
  });

  it('wants a kernel', () => {
    expect(() => unitsOf(0.5, [3])).toThrow(
      new Error("sparse: a kernel of two axes or more is needed, got shape [3] of 'dense/kernel'."),
    );
  });
});
