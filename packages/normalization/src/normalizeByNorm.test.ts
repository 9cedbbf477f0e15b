import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import {cosine, gradientValues, norm} from '../fixtures/gradients.js';
import fixtures from '../fixtures/normalization.json' with {type: 'json'};
import {normalizeByNorm, type NormalizeByNormOptions} from './normalizeByNorm.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: normalizeByNorm, options: {}});
testTransform({factory: normalizeByNorm, options: {epsilon: 0.1}, name: 'normalizeByNorm with epsilon'});

function normalize(values: readonly number[], options?: NormalizeByNormOptions): number[] {
  return [...apply(normalizeByNorm(options), {w: tf.tensor1d([...values])}).w!.dataSync()];
}

describe('normalizeByNorm', () => {
  it('brings a gradient to unit norm', () => {
    expect(normalize([3, 0, -4])).toBeAllclose([0.6, 0, -0.8]);
  });

  it('normalises each gradient by its own norm', () => {
    const {a, b} = apply(normalizeByNorm(), {a: tf.tensor1d([3, 4]), b: tf.tensor1d([30, 40])});
    expect(a).toBeAllclose([0.6, 0.8]);
    expect(b).toBeAllclose([0.6, 0.8]);
  });

  it('leaves a zero gradient zero', () => {
    expect(normalize([0, 0])).toEqual([0, 0]);
  });

  it('makes a scalar its sign', () => {
    expect(apply(normalizeByNorm(), {alpha: tf.scalar(-7)}).alpha).toBeAllclose(-1);
  });

  it.each([1e30, 1e-30, 1e38, 1e-38])('brings entries of %d to unit norm', (magnitude) => {
    expect(normalize([magnitude, -magnitude])).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('adds epsilon to the norm', () => {
    expect(normalize([3, 4], {epsilon: 5})).toBeAllclose([0.3, 0.4]);
  });

  it('only scales a gradient far below epsilon', () => {
    expect(normalize([3e-30, 4e-30], {epsilon: 1e-6})).toBeAllclose([3e-24, 4e-24], {atol: 0});
  });

  it.each([-1, Number.NaN])('rejects epsilon %d by name', (epsilon) => {
    expect(() => normalizeByNorm({epsilon})).toThrow(
      new RangeError(`normalizeByNorm: epsilon must be >= 0, got ${epsilon}.`),
    );
  });

  it.each([
    [null, 'options must be an object, e.g. normalizeByNorm({epsilon: 0}), got null.'],
    [0.1, 'options must be an object, e.g. normalizeByNorm({epsilon: 0}), got the number 0.1.'],
    [{eps: 0.1}, "there is no option 'eps'. Options: epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => normalizeByNorm(options as unknown as NormalizeByNormOptions)).toThrow(
      new TypeError(`normalizeByNorm: ${message}`),
    );
  });
});

describe('normalizeByNorm agrees with PyTorch', () => {
  it.each(fixtures.cases)('for shape $shape, mean $mean, spread $spread', ({shape, before, unit}) => {
    const {w} = apply(normalizeByNorm(), {w: tf.tensor(before, shape)});
    expect(w).toBeAllclose(tf.tensor(unit, shape), {atol: 1e-7});
  });
});

describe('normalizeByNorm, whatever the gradient,', () => {
  it('gives norm 1', () => {
    fc.assert(
      fc.property(gradientValues, (values) => {
        expect(norm(normalize(values))).toBeCloseTo(1, 6);
      }),
    );
  });

  it('keeps its direction', () => {
    fc.assert(
      fc.property(gradientValues, (values) => {
        expect(cosine(normalize(values), values)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(gradientValues, (values) => {
        const once = normalize(values);
        expect(normalize(once)).toBeAllclose(once, {rtol: 1e-6});
      }),
    );
  });

  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(gradientValues, (values) => {
        expect(normalize(values.toReversed()).reverse()).toBeAllclose(normalize(values), {rtol: 1e-6});
      }),
    );
  });
});
