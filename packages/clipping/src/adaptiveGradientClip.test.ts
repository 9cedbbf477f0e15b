import {masked, transformGradients} from '@gradwire/core';
import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import fixtures from '../fixtures/clipping.json' with {type: 'json'};
import {
  anyGradients,
  cosine,
  entriesOf,
  expectSameForm,
  gradientsLike,
  norm,
  positive,
  powerOfTwo,
  scaled,
  tensorsLike,
  tensorsOf,
} from '../fixtures/gradients.js';
import {adaptiveGradientClip, type AdaptiveGradientClipOptions} from './adaptiveGradientClip.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

testTransform({factory: adaptiveGradientClip, options: {clipping: 0.1}});

describe('adaptiveGradientClip', () => {
  it('leaves small gradients exactly alone', () => {
    const grads = {w: tf.tensor2d([[0.01, -0.002]]), b: tf.tensor1d([0.005])};
    const weights = {w: tf.tensor2d([[1, 0.5]]), b: tf.tensor1d([-0.5])};
    const clipped = apply(adaptiveGradientClip(), grads, weights);
    expect(entriesOf(clipped)).toEqual(entriesOf(grads));
  });

  it('limits every column of a kernel by its own weights', () => {
    const grads = {w: tf.tensor2d([[3, 0.3], [4, 0.4]])}; // prettier-ignore
    const weights = {w: tf.tensor2d([[0, 6], [10, 8]])}; // prettier-ignore
    const clipped = apply(adaptiveGradientClip({clipping: 0.1}), grads, weights);
    expect(clipped.w).toBeAllclose([[0.6, 0.3], [0.8, 0.4]], {rtol: 1e-6}); // prettier-ignore
  });

  it('takes a vector as one unit', () => {
    const [grads, weights] = [{b: tf.tensor1d([3, 4])}, {b: tf.tensor1d([10, 0])}];
    expect(apply(adaptiveGradientClip({clipping: 0.1}), grads, weights).b).toBeAllclose([0.6, 0.8]);
  });

  it('takes every filter of a depthwise kernel as one unit', () => {
    const name = 'block/depthwise_kernel_2';
    const grads = {[name]: tf.tensor4d([3, 30, 4, 40], [1, 2, 2, 1])};
    const weights = {[name]: tf.onesLike(grads[name]!)};
    const clipped = apply(adaptiveGradientClip({clipping: Math.SQRT1_2}), grads, weights);
    expect([...clipped[name]!.dataSync()]).toBeAllclose([0.6, 0.6, 0.8, 0.8]);
  });

  it('lets units at zero leave it', () => {
    const [grads, weights] = [{w: tf.tensor2d([[2], [0]])}, {w: tf.zeros([2, 1])}];
    const clipped = apply(adaptiveGradientClip({clipping: 0.5, epsilon: 0.1}), grads, weights);
    expect(clipped.w).toBeAllclose([[0.05], [0]]);
  });

  it('leaves units alone whose weights are huge', () => {
    const grads = {w: tf.tensor2d([[2, 0], [3, 1]]), b: tf.tensor1d([4, 5])}; // prettier-ignore
    const weights = {w: tf.fill([2, 2], 1e30), b: tf.fill([2], 1e30)};
    const clipped = apply(adaptiveGradientClip({clipping: 1}), grads, weights);
    expect(entriesOf(clipped)).toEqual(entriesOf(grads));
  });

  it('passes empty tensors', () => {
    const grads = {rows: tf.zeros([0, 3]), columns: tf.zeros([3, 0]), list: tf.zeros([0])};
    const clipped = apply(adaptiveGradientClip(), grads);
    expect(Object.values(clipped).map(({shape}) => shape)).toEqual([[0, 3], [3, 0], [0]]); // prettier-ignore
  });

  it('looks at the weights of each step', () => {
    const w = tf.variable(tf.tensor2d([[1], [0]]), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(1), adaptiveGradientClip({clipping: 0.5}));
    for (let i = 0; i < 2; i++) optimizer.applyGradients({w: tf.tensor2d([[10], [0]])});
    expect(w).toBeAllclose([[0.25], [0]], {rtol: 1e-6});
    optimizer.dispose();
  });

  it('leaves the output layer out where masked', () => {
    const grads = {'dense/kernel': tf.tensor2d([[5]]), 'logits/kernel': tf.tensor2d([[5]])};
    const weights = {'dense/kernel': tf.ones([1, 1]), 'logits/kernel': tf.ones([1, 1])};
    const clip = masked('!(logits)/**', adaptiveGradientClip());
    const clipped = apply(clip, grads, weights);
    expect(entriesOf(clipped)).toBeAllclose([0.01, 5]);
  });

  it.each<[unknown, Error]>([
    [
      null,
      new TypeError(
        'adaptiveGradientClip: options must be an object, e.g. adaptiveGradientClip({clipping: 0.01, epsilon: 0.001}), got null.',
      ),
    ],
    [
      {clip: 1},
      new TypeError("adaptiveGradientClip: there is no option 'clip'. Options: clipping, epsilon."),
    ],
    [{clipping: 0}, new RangeError('adaptiveGradientClip: clipping must be > 0, got 0.')],
    [{epsilon: 0}, new RangeError('adaptiveGradientClip: epsilon must be > 0, got 0.')],
    [
      {epsilon: '1'},
      new RangeError("adaptiveGradientClip: epsilon must be a number > 0, got the string '1'."),
    ],
  ])('rejects %o', (options, error) => {
    expect(() => adaptiveGradientClip(options as AdaptiveGradientClipOptions)).toThrow(error);
  });
});

describe("adaptiveGradientClip agrees with timm's arithmetic in PyTorch's axes", () => {
  it.each(fixtures.adaptive)('for $options', ({options, params, before, after}) => {
    const tensors = (values: Record<string, number[]>) => tensorsLike(fixtures.adaptiveShapes, values);
    const clipped = apply(adaptiveGradientClip(options), tensors(before), tensors(params));
    for (const [name, wanted] of Object.entries(tensors(after))) {
      expect(clipped[name]).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    }
  });
});

describe('adaptiveGradientClip, whatever gradients and weights,', () => {
  const shapes = {kernel: [2, 2, 3], bias: [3]};
  const magnitude = fc.constantFrom(1e-30, 1e-8, 1, 1e8, 1e30);
  const anything = [
    magnitude.chain((size) => gradientsLike(shapes, size)),
    fc.constantFrom(1e-6, 0.1, 100).chain((size) => gradientsLike(shapes, size)),
    positive,
  ] as const;

  /** The entries of every unit: three columns and the bias. */
  const units = ([a, b, c, d, e, f, g, h, i, j, k, l, ...bias]: number[]): number[][] =>
    [[a, d, g, j], [b, e, h, k], [c, f, i, l], bias] as number[][]; // prettier-ignore

  it('brings the norm of each unit to the smaller of itself and its bound, and keeps its direction', () => {
    fc.assert(
      fc.property(...anything, (grads, weights, clipping) => {
        const [g, w] = [tensorsOf(grads), tensorsOf(weights)];
        const clipped = units(entriesOf(apply(adaptiveGradientClip({clipping}), g, w)));
        const [before, beside] = [units(entriesOf(g)), units(entriesOf(w))];
        clipped.forEach((unit, i) => {
          const bound = clipping * Math.max(norm(beside[i]!), 1e-3);
          expect(norm(unit)).toBeAllclose(Math.min(norm(before[i]!), bound), {rtol: 1e-6, atol: 0});
          expect(cosine(unit, before[i]!)).toBeCloseTo(1, 6);
        });
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(...anything, (grads, weights, clipping) => {
        const [clip, w] = [adaptiveGradientClip({clipping}), tensorsOf(weights)];
        const once = apply(clip, tensorsOf(grads), w);
        expect(entriesOf(apply(clip, once, w))).toBeAllclose(entriesOf(once), {rtol: 1e-6, atol: 1e-38});
      }),
    );
  });

  it('scales with gradients and clipping', () => {
    fc.assert(
      fc.property(...anything, powerOfTwo, (grads, weights, clipping, factor) => {
        const w = tensorsOf(weights);
        const once = entriesOf(apply(adaptiveGradientClip({clipping}), tensorsOf(grads), w));
        const more = adaptiveGradientClip({clipping: clipping * factor});
        const wanted = once.map((value) => value * factor);
        expect(entriesOf(apply(more, tensorsOf(scaled(grads, factor)), w))).toBeAllclose(wanted, {
          rtol: 1e-6,
          atol: 1e-37,
        });
      }),
    );
  });

  it('takes tensors of rank 0 to 5, huge and tiny', () => {
    fc.assert(
      fc.property(anyGradients, positive, (grads, clipping) => {
        const g = tensorsOf(grads);
        const weights = Object.fromEntries(
          Object.entries(g).map(([name, {shape}]) => [name, tf.ones(shape)]),
        );
        expectSameForm(apply(adaptiveGradientClip({clipping}), g, weights), grads);
      }),
    );
  });
});
