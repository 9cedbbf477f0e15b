import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply, applyToNumbers} from '../fixtures/apply.js';
import {type Entries, factor, gradient, norm} from '../fixtures/gradients.js';
import fixtures from '../fixtures/normalization.json' with {type: 'json'};
import {centralizeGradients} from './centralizeGradients.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: centralizeGradients, options: undefined});

function centralize(grad: tf.Tensor, name = 'w'): tf.Tensor {
  return apply(centralizeGradients(), {[name]: grad})[name]!;
}

describe('centralizeGradients', () => {
  it('subtracts from every column of a dense kernel its mean', () => {
    const kernel = tf.tensor2d([
      [1, 10],
      [2, 30],
      [6, 20],
    ]);
    expect(centralize(kernel)).toBeAllclose([
      [-2, -10],
      [-1, 10],
      [3, 0],
    ]);
  });

  it('subtracts from every filter of a convolution its mean', () => {
    // (h, w, in, out): the filters are 1, 3, 5, 7 and 2, 2, 2, 10.
    const kernel = tf.tensor4d([1, 2, 3, 2, 5, 2, 7, 10], [2, 1, 2, 2]);
    expect(centralize(kernel).dataSync()).toBeAllclose([-3, -2, -1, -2, 1, -2, 3, 6]);
  });

  it('subtracts from every filter of a depthwise kernel its own mean', () => {
    // (h, w, in, multiplier): the filters are 1, 5 and 2, 2 and 3, 7 and 2, 10.
    const kernel = tf.tensor4d([1, 2, 3, 2, 5, 2, 7, 10], [2, 1, 2, 2]);
    const expected = [-2, 0, -2, -4, 2, 0, 2, 4];
    expect(centralize(kernel, 'depthwise/depthwise_kernel').dataSync()).toBeAllclose(expected);
    expect(centralize(kernel, 'depthwise/depthwise_kernel_1').dataSync()).toBeAllclose(expected);
  });

  it.each([
    ['scalars', tf.scalar(3)],
    ['vectors', tf.tensor1d([1, 2])],
    ['kernels with one weight a unit', tf.tensor2d([[1, 2]])],
    ['kernels with one weight', tf.tensor4d([5], [1, 1, 1, 1])],
    ['kernels with none', tf.zeros([0, 3])],
    ['kernels of no units', tf.zeros([3, 0])],
  ])('passes %s unchanged', (_, grad) => {
    const changed = centralize(grad);
    expect([changed.shape, ...changed.dataSync()]).toEqual([grad.shape, ...grad.dataSync()]);
  });

  it.each([0, 0.1, 1e-30, -3e-30, 1e30])('makes equal entries of %d exactly zero', (value) => {
    for (const rows of [2, 3, 7, 100]) {
      expect(centralize(tf.fill([rows, 5], value))).toBeAllclose(0, {atol: 0});
    }
  });

  it('makes zero of equal entries that differ from column to column', () => {
    const kernel = tf.tile(tf.tensor2d([[0.1, -0.7, 1e30, 1e-30]]), [11, 1]);
    expect(centralize(kernel)).toBeAllclose(0, {atol: 0});
  });

  it.each([1e-30, 1e30, 5e37])('is right for entries of %d', (unit) => {
    const column = [3, -3, 3, 1, 1].map((value) => [value * unit]);
    const expected = [2, -4, 2, 0, 0].map((value) => [value * unit]);
    expect(centralize(tf.tensor2d(column))).toBeAllclose(expected, {rtol: 1e-6, atol: unit * 1e-6});
  });

  it('is right where the sum of two is no float32', () => {
    const column = [3e38, 3e38, 3e38, 0].map((value) => [value]);
    expect(centralize(tf.tensor2d(column))).toBeAllclose([[7.5e37], [7.5e37], [7.5e37], [-2.25e38]]);
    expect(centralize(tf.fill([7, 1], -3e38))).toBeAllclose(0, {atol: 3e31});
  });

  it('is right for a huge entry among small ones', () => {
    expect(centralize(tf.tensor2d([[1e38], [1], [1], [1]]))).toBeAllclose([
      [7.5e37],
      [-2.5e37],
      [-2.5e37],
      [-2.5e37],
    ]);
    expect(centralize(tf.tensor2d([[1], [1e-30], [0], [0]]))).toBeAllclose([
      [0.75],
      [-0.25],
      [-0.25],
      [-0.25],
    ]);
  });

  it('keeps to its column what is not finite', () => {
    const [first, second] = centralize(
      tf.tensor2d([
        [NaN, 1],
        [1, 3],
      ]),
    ).unstack(1) as [tf.Tensor, tf.Tensor];
    expect([...first.dataSync()]).toEqual([NaN, NaN]);
    expect(second).toBeAllclose([-1, 1]);
  });
});

describe("centralizeGradients agrees with the authors' code", () => {
  const matrices = fixtures.cases.filter(({shape}) => shape.length > 1);

  it.each(matrices)(
    'for shape $shape, mean $mean, spread $spread',
    ({shape, mean, spread, before, centralized}) => {
      const changed = centralize(tf.tensor(before, shape));
      // Absolute too: entries next to the mean have fewer digits left than it.
      const atol = 1e-6 * (Math.abs(mean) + spread);
      expect(changed).toBeAllclose(tf.tensor(centralized, shape), {rtol: 1e-6, atol});
    },
  );

  const convolutions = matrices.filter(({centralizedDepthwise}) => centralizedDepthwise !== undefined);

  it.each(convolutions)('for depthwise kernels, mean $mean, spread $spread', (fixture) => {
    const {shape, mean, spread, before, centralizedDepthwise} = fixture;
    const changed = centralize(tf.tensor(before, shape), 'a/depthwise_kernel');
    const atol = 1e-6 * (Math.abs(mean) + spread);
    expect(changed).toBeAllclose(tf.tensor(centralizedDepthwise!, shape), {rtol: 1e-6, atol});
  });

  it.each(fixtures.cases.filter(({shape}) => shape.length < 2))(
    'which passes shape $shape',
    ({before, centralized}) => {
      expect(centralize(tf.tensor1d(before))).toBeAllclose(tf.tensor1d(centralized), {rtol: 0, atol: 0});
    },
  );
});

describe('centralizeGradients, whatever the gradient,', () => {
  const transform = centralizeGradients();

  const changedOf = (entries: Entries): Entries => applyToNumbers(transform, {w: entries}).w!;

  /** The weights of every unit of a gradient with more than one for each. */
  function unitsOf({shape, values}: Entries): number[][] {
    const count = shape.at(-1) ?? 1;
    if (shape.length < 2 || values.length === count) return [];
    return Array.from({length: count}, (_, unit) => values.filter((_value, i) => i % count === unit));
  }

  const largest = (values: readonly number[]): number => Math.max(0, ...values.map(Math.abs));

  it('gives every unit mean 0', () => {
    fc.assert(
      fc.property(gradient, (grad) => {
        const before = unitsOf(grad);
        for (const [i, unit] of unitsOf(changedOf(grad)).entries()) {
          const mean = unit.reduce((sum, value) => sum + value, 0) / unit.length;
          expect(mean).toBeAllclose(0, {atol: 1e-6 * largest(before[i]!)});
        }
      }),
    );
  });

  it('keeps what the weights of a unit differ by', () => {
    fc.assert(
      fc.property(gradient, (grad) => {
        const before = unitsOf(grad);
        for (const [i, unit] of unitsOf(changedOf(grad)).entries()) {
          const expected = before[i]!.map((value) => value - before[i]![0]!);
          const atol = 1e-6 * largest(before[i]!);
          expect(unit.map((value) => value - unit[0]!)).toBeAllclose(expected, {rtol: 0, atol});
        }
      }),
    );
  });

  it('makes no gradient longer', () => {
    fc.assert(
      fc.property(gradient, (grad) => {
        expect(norm(changedOf(grad).values)).toBeLessThanOrEqual(norm(grad.values) * (1 + 1e-6));
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(gradient, (grad) => {
        const once = changedOf(grad);
        expect(changedOf(once).values).toBeAllclose(once.values, {
          rtol: 0,
          atol: 1e-6 * largest(grad.values),
        });
      }),
    );
  });

  it('leaves a common factor where it is', () => {
    fc.assert(
      fc.property(gradient, factor, ({shape, values}, by) => {
        const expected = changedOf({shape, values}).values.map((value) => value * by);
        const changed = changedOf({shape, values: values.map((value) => value * by)});
        expect(changed.values).toBeAllclose(expected, {rtol: 1e-6, atol: 1e-7 * by * largest(values)});
      }),
    );
  });

  it('forgets what is added to all weights of a unit', () => {
    fc.assert(
      fc.property(gradient, ({shape, values}) => {
        fc.pre(unitsOf({shape, values}).length > 0);
        const unit = largest(values);
        const expected = changedOf({shape, values}).values;
        const changed = changedOf({shape, values: values.map((value) => value + unit)});
        expect(changed.values).toBeAllclose(expected, {rtol: 0, atol: 1e-6 * unit});
      }),
    );
  });

  it('makes equal weights of a unit exactly zero', () => {
    fc.assert(
      fc.property(gradient, ({shape, values}) => {
        const grad = {shape, values: values.map((_, i) => values[i % (shape.at(-1) ?? 1)]!)};
        fc.pre(unitsOf(grad).length > 0);
        expect(changedOf(grad).values).toBeAllclose(0, {atol: 0});
      }),
    );
  });
});

it('refuses options, of which it has none', () => {
  expect(() => centralizeGradients({epsilon: 1} as never)).toThrow(
    new TypeError("centralizeGradients: there is no option 'epsilon'. It has none."),
  );
});
