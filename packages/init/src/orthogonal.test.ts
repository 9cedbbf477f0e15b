import {type Initializer, paramSpec} from '@gradwire/core';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {deltaOrthogonal} from './deltaOrthogonal.js';
import {identity} from './identity.js';
import {orthogonal} from './orthogonal.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

function draw(initializer: Initializer, shape: readonly number[], seed = 42): tf.Tensor {
  return initializer(paramSpec('dense/kernel', shape), seed);
}

/** Wᵀ W of a kernel as a matrix (all inputs, outputs), or W Wᵀ where that is the smaller one. */
function gram(kernel: tf.Tensor): tf.Tensor {
  const matrix = tf.reshape(kernel, [-1, kernel.shape.at(-1)!]) as tf.Tensor2D;
  const isTall = matrix.shape[0] >= matrix.shape[1];
  return tf.matMul(matrix, matrix, isTall, !isTall);
}

describe('orthogonal', () => {
  it.each([
    [[1, 1]],
    [[5, 5]],
    [[64, 64]],
    [[100, 7]],
    [[7, 100]],
    [[3, 3, 8, 16]],
    [[3, 3, 2, 40]],
    [[5, 4, 3]],
    [[16, 64]],
  ])('of shape %j has orthonormal rows or columns', (shape) => {
    const product = gram(draw(orthogonal(), shape));
    expect(product).toBeAllclose(tf.eye(product.shape[0]!), {atol: 1e-5});
  });

  it('is multiplied by gain', () => {
    expect(gram(draw(orthogonal({gain: 3}), [20, 20]))).toBeAllclose(tf.mul(9, tf.eye(20)), {atol: 1e-4});
  });

  it('is orthogonal with 1024 rows and columns', () => {
    const kernel = draw(orthogonal(), [1024, 1024]) as tf.Tensor2D;
    const some = tf.slice(kernel, [0, 500], [1024, 8]);
    expect(tf.matMul(some, some, true)).toBeAllclose(tf.eye(8), {atol: 1e-5});
  });

  it('keeps lengths, whatever size and seed', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 12}), fc.integer({min: 0, max: 2 ** 32}), (size, seed) => {
        const product = gram(draw(orthogonal(), [size, size], seed));
        expect(product).toBeAllclose(tf.eye(size), {atol: 1e-5});
      }),
    );
  });

  // Without R's signs, Householder's Q has a first column whose first entry is never positive.
  it('prefers no direction: entries of 4 x 4 rotations have mean 0, E[w²] = 1/4, E[w⁴] = 3/24', () => {
    const draws = 20_000;
    const sums = Array.from({length: 3}, () => new Float64Array(16));
    for (let seed = 0; seed < draws; seed++) {
      for (const [i, w] of [...draw(orthogonal(), [4, 4], seed).dataSync()].entries()) {
        for (const [k, power] of [w, w ** 2, w ** 4].entries()) sums[k]![i]! += power / draws;
      }
    }
    // Four deviations of such means and more.
    expect(sums[0]).toBeAllclose(0, {atol: 0.016});
    expect(sums[1]).toBeAllclose(1 / 4, {rtol: 0, atol: 0.008});
    expect(sums[2]).toBeAllclose(3 / 24, {rtol: 0, atol: 0.008});
  });

  it('has either determinant', () => {
    const signs = Array.from({length: 200}, (_, seed) => {
      const [a, b, c, d] = [...draw(orthogonal(), [2, 2], seed).dataSync()] as [
        number,
        number,
        number,
        number,
      ];
      return Math.round(a * d - b * c);
    });
    const positive = signs.filter((sign) => sign === 1).length;
    expect(positive).toBeGreaterThan(60);
    expect(positive).toBeLessThan(140);
  });

  it('wants a kernel', () => {
    expect(() => draw(orthogonal(), [3])).toThrow(
      new Error("orthogonal: a kernel of two axes or more is needed, got shape [3] of 'dense/kernel'."),
    );
  });

  it('refuses a gain of 0', () => {
    expect(() => orthogonal({gain: 0})).toThrow(new RangeError('orthogonal: gain must be > 0, got 0.'));
  });
});

describe('deltaOrthogonal', () => {
  it('rotates the channels at the centre', () => {
    const kernel = draw(deltaOrthogonal({gain: 2}), [3, 5, 4, 6]) as tf.Tensor4D;
    const centre = tf.reshape(tf.slice(kernel, [1, 2, 0, 0], [1, 1, 4, 6]), [4, 6]) as tf.Tensor2D;
    expect(tf.matMul(centre, centre, false, true)).toBeAllclose(tf.mul(4, tf.eye(4)), {atol: 1e-5});
  });

  it.each([[[3, 2, 2]], [[3, 3, 2, 2]], [[3, 3, 3, 2, 2]]])('of shape %j is zero elsewhere', (shape) => {
    const kernel = draw(deltaOrthogonal(), shape);
    expect([...kernel.dataSync()].filter((value) => value !== 0)).toHaveLength(4);
  });

  it('keeps the length of images', () => {
    const images = tf.randomNormal([2, 5, 5, 3], 0, 1, 'float32', 7) as tf.Tensor4D;
    const moved = tf.conv2d(images, draw(deltaOrthogonal(), [3, 3, 3, 8]) as tf.Tensor4D, 1, 'same');
    expect(tf.norm(moved)).toBeAllclose(tf.norm(images), {rtol: 1e-5});
  });

  it.each([
    [[3, 3], "a convolution's kernel is needed, got shape [3, 3] of 'dense/kernel'."],
    [
      [3, 3, 4, 2],
      "there must be as many outputs as inputs at least, got shape [3, 3, 4, 2] of 'dense/kernel'.",
    ],
  ])('refuses shape %j', (shape, message) => {
    expect(() => draw(deltaOrthogonal(), shape)).toThrow(new Error(`deltaOrthogonal: ${message}`));
  });
});

describe('identity', () => {
  it.each([
    [
      [2, 2],
      [0.5, 0, 0, 0.5],
    ],
    [
      [2, 3],
      [0.5, 0, 0, 0, 0.5, 0],
    ],
    [
      [3, 2],
      [0.5, 0, 0, 0.5, 0, 0],
    ],
  ])('of shape %j has its gain on the diagonal', (shape, values) => {
    expect([...draw(identity({gain: 0.5}), shape).dataSync()]).toEqual(values);
  });

  it('wants a matrix', () => {
    expect(() => draw(identity(), [3, 3, 2, 2])).toThrow(
      new Error("identity: a matrix is needed, got shape [3, 3, 2, 2] of 'dense/kernel'."),
    );
  });

  it('leaves out the name inside of a layer, where it is not known', () => {
    expect(() => identity().apply([3])).toThrow(new Error('identity: a matrix is needed, got shape [3].'));
  });
});
