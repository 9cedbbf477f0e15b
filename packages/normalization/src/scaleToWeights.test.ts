import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply, applyToNumbers} from '../fixtures/apply.js';
import {cosine, entriesOf, factor, type Gradients, gradients, norm, scaled} from '../fixtures/gradients.js';
import {networks, toTensors} from '../fixtures/networks.js';
import {scaleToWeights, type ScaleToWeightsOptions} from './scaleToWeights.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleToWeights, options: {}});
testTransform({
  factory: scaleToWeights,
  options: {trustCoefficient: 1, epsilon: 0.1},
  name: 'scaleToWeights with epsilon',
});

function scale(grad: number[], weights: number[], options?: ScaleToWeightsOptions): tf.Tensor {
  return apply(scaleToWeights(options), {w: tf.tensor1d(grad)}, {w: tf.tensor1d(weights)}).w!;
}

describe('scaleToWeights', () => {
  it('brings a gradient to a thousandth of the norm of its weights', () => {
    expect(scale([3, -4], [30, 40])).toBeAllclose([0.03, -0.04]);
  });

  it('brings it to another share of that', () => {
    expect(scale([3, -4], [30, 40], {trustCoefficient: 1})).toBeAllclose([30, -40]);
  });

  it('scales each gradient to its own weights', () => {
    const grads = {a: tf.scalar(7), b: tf.scalar(-7), c: tf.scalar(0.1)};
    const weights = {c: tf.scalar(3), b: tf.scalar(2), a: tf.scalar(-1), d: tf.scalar(9)};
    const changed = apply(scaleToWeights({trustCoefficient: 0.1}), grads, weights);
    expect(Object.values(changed).map((grad) => grad.dataSync()[0])).toBeAllclose([0.1, -0.2, 0.3]);
  });

  it('passes gradients of weights that are zero unchanged', () => {
    expect(scale([3, 4], [0, 0])).toBeAllclose([3, 4], {rtol: 0});
  });

  it.each([0, 0.1])('leaves a zero gradient zero with epsilon %d', (epsilon) => {
    expect(scale([0, 0], [3, 4], {epsilon})).toBeAllclose(0, {atol: 0});
  });

  it('adds epsilon to the norm of the gradient', () => {
    expect(scale([3, 4], [30, 40], {trustCoefficient: 1, epsilon: 5})).toBeAllclose([15, 20]);
  });

  it.each([
    [1e30, 1],
    [1e-30, 1],
    [1, 1e30],
    [1, 1e-30],
    [1e30, 1e30],
    [1e-30, 1e-30],
  ])('is right for entries of %d and weights of %d', (entry, weight) => {
    expect(scale([entry, -entry], [weight, weight])).toBeAllclose([1e-3 * weight, -1e-3 * weight], {
      rtol: 1e-6,
      atol: 0,
    });
  });

  it.each([0, -1, Number.NaN])('rejects trustCoefficient %d by name', (trustCoefficient) => {
    expect(() => scaleToWeights({trustCoefficient})).toThrow(
      new RangeError(`scaleToWeights: trustCoefficient must be > 0, got ${trustCoefficient}.`),
    );
  });

  it.each([-1, Number.NaN])('rejects epsilon %d by name', (epsilon) => {
    expect(() => scaleToWeights({epsilon})).toThrow(
      new RangeError(`scaleToWeights: epsilon must be >= 0, got ${epsilon}.`),
    );
  });

  it.each([
    [
      null,
      'options must be an object, e.g. scaleToWeights({trustCoefficient: 0.001, epsilon: 0}), got null.',
    ],
    [{weightDecay: 0.1}, "there is no option 'weightDecay'. Options: trustCoefficient, epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleToWeights(options as unknown as ScaleToWeightsOptions)).toThrow(
      new TypeError(`scaleToWeights: ${message}`),
    );
  });
});

describe('scaleToWeights agrees with LARS in PyTorch', () => {
  it.each(networks)('for layers of $spreads', ({before, weights, lars}) => {
    const changed = apply(scaleToWeights({trustCoefficient: 0.02}), toTensors(before), toTensors(weights));
    for (const [name, expected] of Object.entries(toTensors(lars))) {
      expect(changed[name], name).toBeAllclose(expected, {rtol: 1e-6});
    }
  });
});

describe('scaleToWeights, whatever the gradients,', () => {
  const transform = scaleToWeights();

  /** Weights of other magnitudes: those of the gradients in reverse. */
  function weightsFor(grads: Gradients): Gradients {
    const values = Object.values(grads).reverse();
    return Object.fromEntries(Object.keys(grads).map((name, i) => [name, values[i]!]));
  }

  const normsOf = (record: Gradients): number[] =>
    Object.keys(record).map((name) => norm(entriesOf(record, [name])));

  it('brings each to its share of the weights', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const weights = weightsFor(grads);
        const [before, weightNorms] = [normsOf(grads), normsOf(weights)];
        const expected = before.map((length, i) => {
          const isScaled = length > 0 && weightNorms[i]! > 0;
          return isScaled ? 1e-3 * weightNorms[i]! : length;
        });
        expect(normsOf(applyToNumbers(transform, grads, weights))).toBeAllclose(expected, {
          rtol: 1e-6,
          atol: 0,
        });
      }),
    );
  });

  it('keeps the direction of each', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const changed = applyToNumbers(transform, grads, weightsFor(grads));
        for (const name of Object.keys(grads)) {
          expect(cosine(entriesOf(changed, [name]), entriesOf(grads, [name]))).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const weights = weightsFor(grads);
        const once = applyToNumbers(transform, grads, weights);
        const twice = applyToNumbers(transform, once, weights);
        expect(entriesOf(twice)).toBeAllclose(entriesOf(once), {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });

  it('forgets a factor of the gradients, and takes over one of the weights', () => {
    const isScaled = gradients.filter((grads) => normsOf(grads).every((length) => length > 0));
    fc.assert(
      fc.property(isScaled, factor, factor, (grads, by, weightsBy) => {
        const weights = weightsFor(grads);
        const expected = entriesOf(scaled(applyToNumbers(transform, grads, weights), weightsBy));
        const changed = applyToNumbers(transform, scaled(grads, by), scaled(weights, weightsBy));
        expect(entriesOf(changed)).toBeAllclose(expected, {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });
});
