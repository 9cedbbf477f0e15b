import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import fixtures from '../fixtures/clipping.json' with {type: 'json'};
import {
  anyGradients,
  cosine,
  expectSameForm,
  gradientValues,
  norm,
  positive,
  powerOfTwo,
  tensorsLike,
  tensorsOf,
} from '../fixtures/gradients.js';
import {clipByNorm, type ClipByNormOptions} from './clipByNorm.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: clipByNorm, options: {maxNorm: 1}});

function clip(maxNorm: number, values: readonly number[]): number[] {
  return [...apply(clipByNorm({maxNorm}), {w: tf.tensor1d([...values])}).w!.dataSync()];
}

describe('clipByNorm', () => {
  it('leaves small gradients exactly alone', () => {
    expect(clip(1, [0.1, -0.2, 1e-20])).toEqual([0.1, -0.2, 1e-20].map(Math.fround));
  });

  it('brings a large gradient to maxNorm exactly', () => {
    expect(clip(1, [3, 0, -4])).toEqual([0.6, 0, -0.8].map(Math.fround));
  });

  it('clips each gradient by its own norm', () => {
    const clipped = apply(clipByNorm({maxNorm: 1}), {
      large: tf.tensor1d([30, 40]),
      small: tf.tensor1d([0.5]),
    });
    expect(clipped.large).toBeAllclose([0.6, 0.8]);
    expect(clipped.small).toBeAllclose([0.5], {rtol: 0, atol: 0});
  });

  it('brings entries of 1e30 to the limit', () => {
    expect(clip(1, [1e30, -1e30])).toBeAllclose([Math.SQRT1_2, -Math.SQRT1_2]);
  });

  it('passes entries of 1e-30 unchanged', () => {
    expect(clip(1, [1e-30, -1e-30])).toEqual([1e-30, -1e-30].map(Math.fround));
  });

  it.each([0, -1, Number.NaN])('rejects maxNorm %d by name', (maxNorm) => {
    expect(() => clipByNorm({maxNorm})).toThrow(
      new RangeError(`clipByNorm: maxNorm must be > 0, got ${maxNorm}.`),
    );
  });

  it.each([
    [undefined, 'options must be an object, e.g. clipByNorm({maxNorm: 1}), got undefined.'],
    [null, 'options must be an object, e.g. clipByNorm({maxNorm: 1}), got null.'],
    [1, 'options must be an object, e.g. clipByNorm({maxNorm: 1}), got the number 1.'],
    [{norm: 1}, "there is no option 'norm'. Options: maxNorm."],
  ])('rejects the options %o', (options, message) => {
    expect(() => clipByNorm(options as unknown as ClipByNormOptions)).toThrow(
      new TypeError(`clipByNorm: ${message}`),
    );
  });
});

describe('clipByNorm agrees with PyTorch', () => {
  it.each(fixtures.cases)('for maxNorm $limit and entries around $spread', ({limit, before, each}) => {
    const clipped = apply(clipByNorm({maxNorm: limit}), tensorsLike(fixtures.shapes, before));
    for (const [name, wanted] of Object.entries(tensorsLike(fixtures.shapes, each))) {
      expect(clipped[name]).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    }
  });
});

describe('clipByNorm, whatever the gradient,', () => {
  const anything = [gradientValues, positive] as const;

  it('brings its norm to the smaller of norm and bound', () => {
    fc.assert(
      fc.property(...anything, (values, maxNorm) => {
        expect(norm(clip(maxNorm, values))).toBeAllclose(Math.min(norm(values), maxNorm), {
          rtol: 1e-6,
          atol: 0,
        });
      }),
    );
  });

  it('keeps its direction', () => {
    fc.assert(
      fc.property(...anything, (values, maxNorm) => {
        expect(cosine(clip(maxNorm, values), values)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(...anything, (values, maxNorm) => {
        const once = clip(maxNorm, values);
        expect(clip(maxNorm, once)).toBeAllclose(once, {rtol: 1e-6, atol: 1e-38});
      }),
    );
  });

  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(...anything, (values, maxNorm) => {
        const turned = clip(maxNorm, values.toReversed()).reverse();
        expect(turned).toBeAllclose(clip(maxNorm, values), {rtol: 1e-6, atol: 1e-38});
      }),
    );
  });

  it('scales with gradient and limit', () => {
    fc.assert(
      fc.property(...anything, powerOfTwo, (values, maxNorm, factor) => {
        const times = (list: number[]) => list.map((value) => value * factor);
        const scaledUp = clip(maxNorm * factor, times(values));
        expect(scaledUp).toBeAllclose(times(clip(maxNorm, values)), {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });

  it('takes tensors of rank 0 to 5, huge and tiny', () => {
    fc.assert(
      fc.property(anyGradients, positive, (grads, maxNorm) => {
        expectSameForm(apply(clipByNorm({maxNorm}), tensorsOf(grads)), grads);
      }),
    );
  });
});
