import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply, applyToNumbers} from '../fixtures/apply.js';
import {entriesOf, factor, gradients, scaled} from '../fixtures/gradients.js';
import fixtures from '../fixtures/normalization.json' with {type: 'json'};
import {signGradients} from './signGradients.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: signGradients, options: undefined});

describe.each(['cpu', 'wasm'])('signGradients on %s', (backend) => {
  beforeAll(() => tf.setBackend(backend));
  afterAll(() => tf.setBackend('cpu'));

  it.each([
    [0.5, 1],
    [-2, -1],
    [0, 0],
    [1e-9, 1],
    [-1e-30, -1],
    [1.2e-38, 1],
    [-3e38, -1],
    [Infinity, 1],
    [-Infinity, -1],
    [NaN, NaN],
  ])('makes %d %d', (entry, expected) => {
    const {w} = apply(signGradients(), {w: tf.tensor1d([entry, entry])});
    expect([...w!.dataSync()]).toEqual([expected, expected]);
  });

  it('makes each entry its own sign', () => {
    const {w} = apply(signGradients(), {
      w: tf.tensor2d([
        [3, -0.1],
        [NaN, 0],
      ]),
    });
    expect([...w!.dataSync()]).toEqual([1, -1, NaN, 0]);
  });
});

describe('signGradients agrees with PyTorch', () => {
  it.each(fixtures.cases)('for shape $shape, mean $mean, spread $spread', ({shape, before, signs}) => {
    const {w} = apply(signGradients(), {w: tf.tensor(before, shape)});
    expect(w).toBeAllclose(tf.tensor(signs, shape), {rtol: 0, atol: 0});
  });
});

describe('signGradients, whatever the gradients,', () => {
  const transform = signGradients();

  it('gives the signs that JavaScript gives', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const expected = entriesOf(grads).map(Math.sign);
        expect(entriesOf(applyToNumbers(transform, grads))).toBeAllclose(expected, {rtol: 0, atol: 0});
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const once = applyToNumbers(transform, grads);
        expect(applyToNumbers(transform, once)).toEqual(once);
      }),
    );
  });

  it('forgets a positive factor', () => {
    fc.assert(
      fc.property(gradients, factor, (grads, by) => {
        expect(applyToNumbers(transform, scaled(grads, by))).toEqual(applyToNumbers(transform, grads));
      }),
    );
  });

  it('turns around with the gradient', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const expected = entriesOf(scaled(applyToNumbers(transform, grads), -1));
        const turned = entriesOf(applyToNumbers(transform, scaled(grads, -1)));
        expect(turned).toBeAllclose(expected, {rtol: 0, atol: 0});
      }),
    );
  });
});

it('refuses options, of which it has none', () => {
  expect(() => signGradients({epsilon: 1} as never)).toThrow(
    new TypeError("signGradients: there is no option 'epsilon'. It has none."),
  );
});
