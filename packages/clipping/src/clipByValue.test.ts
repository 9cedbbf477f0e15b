import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import fixtures from '../fixtures/clipping.json' with {type: 'json'};
import {
  anyGradients,
  expectSameForm,
  gradientValues,
  positive,
  powerOfTwo,
  tensorsLike,
  tensorsOf,
} from '../fixtures/gradients.js';
import {clipByValue, type ClipByValueOptions} from './clipByValue.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: clipByValue, options: {value: 0.5}});

function clip(value: number, values: readonly number[]): number[] {
  return [...apply(clipByValue({value}), {w: tf.tensor1d([...values])}).w!.dataSync()];
}

describe('clipByValue', () => {
  it('leaves small entries exactly alone', () => {
    expect(clip(1, [0.1, -0.999, 0, 1e-30])).toEqual([0.1, -0.999, 0, 1e-30].map(Math.fround));
  });

  it('brings large entries to the limit exactly, each by itself', () => {
    expect(clip(0.5, [3, 0.25, -4])).toEqual([0.5, 0.25, -0.5]);
  });

  it('brings entries of 1e30 to the limit', () => {
    expect(clip(0.5, [1e30, -1e30])).toEqual([0.5, -0.5]);
  });

  it.each([0, -1, Number.NaN])('rejects value %d by name', (value) => {
    expect(() => clipByValue({value})).toThrow(
      new RangeError(`clipByValue: value must be > 0, got ${value}.`),
    );
  });

  it.each([
    [undefined, 'options must be an object, e.g. clipByValue({value: 0.5}), got undefined.'],
    [null, 'options must be an object, e.g. clipByValue({value: 0.5}), got null.'],
    [1, 'options must be an object, e.g. clipByValue({value: 0.5}), got the number 1.'],
    [{norm: 1}, "there is no option 'norm'. Options: value."],
  ])('rejects the options %o', (options, message) => {
    expect(() => clipByValue(options as unknown as ClipByValueOptions)).toThrow(
      new TypeError(`clipByValue: ${message}`),
    );
  });
});

describe('clipByValue agrees with PyTorch', () => {
  it.each(fixtures.cases)('for value $limit and entries around $spread', ({limit, before, value}) => {
    const clipped = apply(clipByValue({value: limit}), tensorsLike(fixtures.shapes, before));
    for (const [name, wanted] of Object.entries(tensorsLike(fixtures.shapes, value))) {
      expect(clipped[name]).toBeAllclose(wanted, {rtol: 0, atol: 0});
    }
  });
});

describe('clipByValue, whatever the gradient,', () => {
  const anything = [gradientValues, positive] as const;

  it('keeps entries within the limit, and their signs', () => {
    fc.assert(
      fc.property(...anything, (values, value) => {
        clip(value, values).forEach((clipped, i) => {
          expect(clipped).toBe(Math.sign(values[i]!) * Math.min(Math.abs(values[i]!), value));
        });
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(...anything, (values, value) => {
        const once = clip(value, values);
        expect(clip(value, once)).toEqual(once);
      }),
    );
  });

  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(...anything, (values, value) => {
        expect(clip(value, values.toReversed()).reverse()).toEqual(clip(value, values));
      }),
    );
  });

  it('scales with gradient and limit', () => {
    fc.assert(
      fc.property(...anything, powerOfTwo, (values, value, factor) => {
        const times = (list: number[]) => list.map((entry) => entry * factor);
        expect(clip(value * factor, times(values))).toEqual(times(clip(value, values)));
      }),
    );
  });

  it('takes tensors of rank 0 to 5, huge and tiny', () => {
    fc.assert(
      fc.property(anyGradients, positive, (grads, value) => {
        expectSameForm(apply(clipByValue({value}), tensorsOf(grads)), grads);
      }),
    );
  });
});
