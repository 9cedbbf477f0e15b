import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import {gradientValues} from '../fixtures/gradients.js';
import fixtures from '../fixtures/normalization.json' with {type: 'json'};
import {standardizeGradients, type StandardizeGradientsOptions} from './standardizeGradients.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: standardizeGradients, options: {}});
testTransform({
  factory: standardizeGradients,
  options: {epsilon: 0},
  name: 'standardizeGradients without epsilon',
});

function standardize(values: readonly number[], options?: StandardizeGradientsOptions): number[] {
  return [...apply(standardizeGradients(options), {w: tf.tensor1d([...values])}).w!.dataSync()];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The unbiased standard deviation. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.hypot(...values.map((value) => value - centre)) / Math.sqrt(values.length - 1);
}

describe('standardizeGradients', () => {
  it('takes mean and unbiased deviation over the whole tensor', () => {
    const {w} = apply(standardizeGradients(), {
      w: tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    });
    // Mean 3.5, deviation 1.8708.
    expect(w).toBeAllclose(
      [
        [-1.33631, -0.801784, -0.267261],
        [0.267261, 0.801784, 1.33631],
      ],
      {rtol: 1e-5},
    );
  });

  it('standardises each gradient by itself', () => {
    const {a, b} = apply(standardizeGradients(), {a: tf.tensor1d([1, 3]), b: tf.tensor1d([100, 500])});
    expect(a).toBeAllclose([-Math.SQRT1_2, Math.SQRT1_2]);
    expect(b).toBeAllclose([-Math.SQRT1_2, Math.SQRT1_2]);
  });

  it('passes a tensor of one element unchanged', () => {
    const grads = {scalar: tf.scalar(7), vector: tf.tensor1d([-3])};
    const {scalar, vector} = apply(standardizeGradients(), grads);
    expect(scalar).toBeAllclose(7, {rtol: 0});
    expect(vector).toBeAllclose([-3], {rtol: 0});
  });

  it.each([0, 1e-6])('makes a constant gradient exactly zero with epsilon %d', (epsilon) => {
    expect(standardize([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], {epsilon})).toBeAllclose(0, {atol: 0});
  });

  it('brings entries of 1e30 to unit deviation', () => {
    expect(standardize([1e30, -1e30])).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('only scales entries of 1e-30, far below epsilon', () => {
    expect(standardize([1e-30, -1e-30])).toBeAllclose([1e-24, -1e-24], {atol: 0});
  });

  it('brings entries of 1e-30 to unit deviation with epsilon 0', () => {
    expect(standardize([1e-30, -1e-30], {epsilon: 0})).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it.each([-1, Number.NaN])('rejects epsilon %d by name', (epsilon) => {
    expect(() => standardizeGradients({epsilon})).toThrow(
      new RangeError(`standardizeGradients: epsilon must be >= 0, got ${epsilon}.`),
    );
  });

  it.each([
    [null, 'options must be an object, e.g. standardizeGradients({epsilon: 1e-6}), got null.'],
    [0.1, 'options must be an object, e.g. standardizeGradients({epsilon: 1e-6}), got the number 0.1.'],
    [{eps: 0.1}, "there is no option 'eps'. Options: epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => standardizeGradients(options as unknown as StandardizeGradientsOptions)).toThrow(
      new TypeError(`standardizeGradients: ${message}`),
    );
  });
});

describe('standardizeGradients agrees with PyTorch', () => {
  it.each(fixtures.cases)('for shape $shape, mean $mean, spread $spread', ({shape, before, standardized}) => {
    const {w} = apply(standardizeGradients(), {w: tf.tensor(before, shape)});
    // Absolute too: entries next to the mean have fewer digits left than it.
    expect(w).toBeAllclose(tf.tensor(standardized, shape), {rtol: 1e-6, atol: 1e-6});
  });
});

describe('standardizeGradients, whatever the gradient,', () => {
  const varied = gradientValues.filter(
    (values) => values.length > 1 && deviation(values) > 1e-3 * Math.max(...values.map(Math.abs)),
  );

  it('gives mean 0', () => {
    fc.assert(
      fc.property(varied, (values) => {
        expect(mean(standardize(values, {epsilon: 0}))).toBeCloseTo(0, 3);
      }),
    );
  });

  it('gives deviation 1', () => {
    fc.assert(
      fc.property(varied, (values) => {
        expect(deviation(standardize(values, {epsilon: 0}))).toBeCloseTo(1, 3);
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(varied, (values) => {
        const once = standardize(values, {epsilon: 0});
        expect(standardize(once, {epsilon: 0})).toBeAllclose(once, {rtol: 1e-4, atol: 1e-3});
      }),
    );
  });

  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(varied, (values) => {
        const turned = standardize(values.toReversed(), {epsilon: 0}).reverse();
        expect(turned).toBeAllclose(standardize(values, {epsilon: 0}), {rtol: 1e-4, atol: 1e-3});
      }),
    );
  });
});
