import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply, applyToNumbers} from '../fixtures/apply.js';
import {
  cosine,
  entriesOf,
  factor,
  type Gradients,
  gradients,
  layersOf,
  norm,
  scaled,
} from '../fixtures/gradients.js';
import {networks, toTensors} from '../fixtures/networks.js';
import {equalizeLayers, type EqualizeLayersOptions} from './equalizeLayers.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: equalizeLayers, options: {}});
testTransform({factory: equalizeLayers, options: {epsilon: 0.1}, name: 'equalizeLayers with epsilon'});

/** What becomes of gradients of one entry. */
function equalize(entries: Record<string, number>, options?: EqualizeLayersOptions): Record<string, number> {
  const grads = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, tf.scalar(entry)]));
  const changed = Object.entries(apply(equalizeLayers(options), grads));
  return Object.fromEntries(changed.map(([name, grad]) => [name, grad.dataSync()[0]!]));
}

describe('equalizeLayers', () => {
  it('brings layers to the same norm and keeps that of the whole', () => {
    // Norms 1 and 7, of the whole √50: 5 for each.
    const {'a/kernel': a, 'b/kernel': b} = equalize({'a/kernel': 1, 'b/kernel': -7});
    expect([a, b]).toBeAllclose([5, -5]);
  });

  it('takes the parameters of a layer together', () => {
    // Norms 5 and 5√7, of the whole 10√2: 10 for each.
    const changed = equalize({'a/kernel': 3, 'b/kernel': 5 * Math.sqrt(7), 'a/bias': -4});
    expect(Object.values(changed)).toBeAllclose([6, 10, -8]);
  });

  it('does not count layers whose gradient is zero', () => {
    const changed = equalize({'a/kernel': 1, 'dead/kernel': 0, 'b/kernel': 7, 'dead/bias': 0});
    expect(Object.values(changed)).toBeAllclose([5, 0, 5, 0], {atol: 0});
  });

  it('leaves a single layer alone', () => {
    expect(Object.values(equalize({'a/kernel': 3, 'a/bias': 4}))).toBeAllclose([3, 4]);
  });

  it.each([0, 0.1])('leaves zeros zero with epsilon %d', (epsilon) => {
    expect(Object.values(equalize({'a/kernel': 0, 'b/kernel': 0}, {epsilon}))).toEqual([0, 0]);
  });

  it('brings a gradient up that has vanished to 1e-30', () => {
    const changed = equalize({'a/kernel': 1e-30, 'b/kernel': 1e-20, 'c/kernel': 1});
    expect(Object.values(changed)).toBeAllclose(Math.sqrt(1 / 3));
  });

  it('brings others up beside one that has exploded to 1e30', () => {
    const changed = equalize({'a/kernel': 1e30, 'b/kernel': 1, 'c/kernel': 1e10});
    expect(Object.values(changed)).toBeAllclose(Math.sqrt(1 / 3) * 1e30);
  });

  it('leaves alone what is smaller than float32 can tell', () => {
    const changed = equalize({'a/kernel': 1e-30, 'b/kernel': 1e30});
    expect(Object.values(changed)).toBeAllclose([1e-30, Math.SQRT1_2 * 1e30], {atol: 0});
  });

  it('adds epsilon to the norm of a layer', () => {
    const changed = equalize({'a/kernel': 1, 'b/kernel': 7}, {epsilon: 1});
    expect(Object.values(changed)).toBeAllclose([5 / 2, (5 * 7) / 8]);
  });

  it.each([-1, Number.NaN])('rejects epsilon %d by name', (epsilon) => {
    expect(() => equalizeLayers({epsilon})).toThrow(
      new RangeError(`equalizeLayers: epsilon must be >= 0, got ${epsilon}.`),
    );
  });

  it.each([
    [null, 'options must be an object, e.g. equalizeLayers({epsilon: 0}), got null.'],
    [{per: 'layer'}, "there is no option 'per'. Options: epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => equalizeLayers(options as unknown as EqualizeLayersOptions)).toThrow(
      new TypeError(`equalizeLayers: ${message}`),
    );
  });
});

describe('equalizeLayers agrees with NumPy', () => {
  it.each(networks)('for layers of $spreads', ({before, equalized}) => {
    const changed = apply(equalizeLayers(), toTensors(before));
    for (const [name, expected] of Object.entries(toTensors(equalized))) {
      expect(changed[name], name).toBeAllclose(expected, {rtol: 1e-6});
    }
  });
});

describe('equalizeLayers, whatever the gradients,', () => {
  const transform = equalizeLayers();

  const normsOf = (record: Gradients): number[] =>
    layersOf(record).map((names) => norm(entriesOf(record, names)));

  it('gives all layers the same norm, but those of zeros', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const live = normsOf(grads).map((length) => (length > 0 ? 1 : 0));
        const count = live.filter((one) => one > 0).length;
        const share = norm(entriesOf(grads)) / Math.sqrt(Math.max(1, count));
        const expected = live.map((one) => one * share);
        expect(normsOf(applyToNumbers(transform, grads))).toBeAllclose(expected, {rtol: 1e-6, atol: 0});
      }),
    );
  });

  it('keeps the norm of the whole', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const expected = norm(entriesOf(grads));
        expect(norm(entriesOf(applyToNumbers(transform, grads)))).toBeAllclose(expected, {
          rtol: 1e-6,
          atol: 0,
        });
      }),
    );
  });

  it('keeps the direction of every layer', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const changed = applyToNumbers(transform, grads);
        for (const names of layersOf(grads)) {
          expect(cosine(entriesOf(changed, names), entriesOf(grads, names))).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(gradients, (grads) => {
        const once = applyToNumbers(transform, grads);
        const twice = applyToNumbers(transform, once);
        expect(entriesOf(twice)).toBeAllclose(entriesOf(once), {rtol: 1e-6, atol: 0});
      }),
    );
  });

  it('leaves a common factor where it is', () => {
    fc.assert(
      fc.property(gradients, factor, (grads, by) => {
        const expected = entriesOf(scaled(applyToNumbers(transform, grads), by));
        const changed = entriesOf(applyToNumbers(transform, scaled(grads, by)));
        expect(changed).toBeAllclose(expected, {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });
});
