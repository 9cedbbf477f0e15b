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
  gradientValues,
  norm,
  positive,
  powerOfTwo,
  scaled,
  tensorsLike,
  tensorsOf,
} from '../fixtures/gradients.js';
import {clipByGlobalNorm, type ClipByGlobalNormOptions} from './clipByGlobalNorm.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: clipByGlobalNorm, options: {maxNorm: 1}});
testTransform({
  factory: clipByGlobalNorm,
  options: {maxNorm: 1, norm: 'inf' as const},
  name: "clipByGlobalNorm by 'inf'",
});

/** Clips two gradients together and gives back their values in one list. */
function clip(maxNorm: number, a: readonly number[], b: readonly number[]): number[] {
  const clipped = apply(clipByGlobalNorm({maxNorm}), {a: tf.tensor1d([...a]), b: tf.tensor1d([...b])});
  return [...clipped.a!.dataSync(), ...clipped.b!.dataSync()];
}

describe('clipByGlobalNorm', () => {
  it('leaves small gradients exactly alone', () => {
    expect(clip(1, [0.1, -0.2], [1e-20, 0.3])).toEqual([0.1, -0.2, 1e-20, 0.3].map(Math.fround));
  });

  it('leaves a gradient at the limit exactly alone', () => {
    expect(clip(5, [3], [0, 4])).toEqual([3, 0, 4]);
  });

  it('brings a large gradient to maxNorm exactly', () => {
    expect(clip(1, [3], [0, 4])).toEqual([0.6, 0, 0.8].map(Math.fround));
  });

  it('limits the norm of all gradients together, not of each', () => {
    expect(clip(1, [1], [1])).toBeAllclose([Math.SQRT1_2, Math.SQRT1_2]);
  });

  it.each([1e30, -1e30])('brings entries of %d to the limit', (huge) => {
    expect(clip(1, [huge], [huge, 1])).toBeAllclose([
      Math.sign(huge) * Math.SQRT1_2,
      Math.sign(huge) * Math.SQRT1_2,
      0,
    ]);
  });

  it('passes entries of 1e-30 unchanged', () => {
    expect(clip(1, [1e-30], [-1e-30])).toEqual([1e-30, -1e-30].map(Math.fround));
  });

  it('scales entries of 1e-30 down to a limit below', () => {
    expect(clip(1e-31, [3e-30], [4e-30])).toBeAllclose([6e-32, 8e-32], {atol: 0});
  });

  it("limits the largest magnitude for norm 'inf'", () => {
    const grads = {a: tf.tensor2d([[-8, 1]]), b: tf.scalar(4)};
    const clipped = apply(clipByGlobalNorm({maxNorm: 2, norm: 'inf'}), grads);
    expect(clipped.a).toBeAllclose([[-2, 0.25]], {rtol: 0});
    expect(clipped.b).toBeAllclose(1, {rtol: 0});
  });

  it("leaves a gradient with the largest magnitude at the limit exactly alone for norm 'inf'", () => {
    const clipped = apply(clipByGlobalNorm({maxNorm: 0.3, norm: 'inf'}), {a: tf.tensor1d([0.3, -0.1, 0.3])});
    expect([...clipped.a!.dataSync()]).toEqual([0.3, -0.1, 0.3].map(Math.fround));
  });

  it("passes empty tensors for norm 'inf'", () => {
    const clipped = apply(clipByGlobalNorm({maxNorm: 1, norm: 'inf'}), {a: tf.zeros([0, 3])});
    expect(clipped.a!.shape).toEqual([0, 3]);
  });

  it.each([0, -1, Number.NaN])('rejects maxNorm %d by name', (maxNorm) => {
    expect(() => clipByGlobalNorm({maxNorm})).toThrow(
      new RangeError(`clipByGlobalNorm: maxNorm must be > 0, got ${maxNorm}.`),
    );
  });

  it.each<[unknown, Error]>([
    [
      undefined,
      new TypeError(
        'clipByGlobalNorm: options must be an object, e.g. clipByGlobalNorm({maxNorm: 1, norm: 2}), got undefined.',
      ),
    ],
    [
      1,
      new TypeError(
        'clipByGlobalNorm: options must be an object, e.g. clipByGlobalNorm({maxNorm: 1, norm: 2}), got the number 1.',
      ),
    ],
    [{maxnorm: 1}, new TypeError("clipByGlobalNorm: there is no option 'maxnorm'. Options: maxNorm, norm.")],
    [{}, new RangeError('clipByGlobalNorm: maxNorm must be a number > 0, got undefined.')],
    [{maxNorm: '1'}, new RangeError("clipByGlobalNorm: maxNorm must be a number > 0, got the string '1'.")],
    [
      {maxNorm: Infinity},
      new RangeError('clipByGlobalNorm: maxNorm must be a finite number > 0, got Infinity.'),
    ],
    [{maxNorm: 1, norm: 1}, new RangeError("clipByGlobalNorm: norm must be 2 or 'inf', got the number 1.")],
    [
      {maxNorm: 1, norm: Infinity},
      new RangeError("clipByGlobalNorm: norm must be 2 or 'inf', got the number Infinity."),
    ],
  ])('rejects %o', (options, error) => {
    expect(() => clipByGlobalNorm(options as ClipByGlobalNormOptions)).toThrow(error);
  });
});

describe('clipByGlobalNorm agrees with PyTorch', () => {
  it.each(fixtures.cases)('for maxNorm $limit and entries around $spread', ({limit, before, global}) => {
    const clipped = apply(clipByGlobalNorm({maxNorm: limit}), tensorsLike(fixtures.shapes, before));
    for (const [name, wanted] of Object.entries(tensorsLike(fixtures.shapes, global))) {
      expect(clipped[name]).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    }
  });
});

describe("clipByGlobalNorm agrees with PyTorch for norm 'inf'", () => {
  it.each(fixtures.cases)('for maxNorm $limit and entries around $spread', ({limit, before, largest}) => {
    const transform = clipByGlobalNorm({maxNorm: limit, norm: 'inf'});
    const clipped = apply(transform, tensorsLike(fixtures.shapes, before));
    for (const [name, wanted] of Object.entries(tensorsLike(fixtures.shapes, largest))) {
      expect(clipped[name]).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    }
  });
});

describe('clipByGlobalNorm, whatever the gradients,', () => {
  const anything = [gradientValues, gradientValues, positive] as const;

  it('keeps the norm within its bound', () => {
    fc.assert(
      fc.property(...anything, (a, b, maxNorm) => {
        expect(norm(clip(maxNorm, a, b))).toBeLessThanOrEqual(maxNorm * (1 + 1e-6));
      }),
    );
  });

  it('reaches the bound where they exceed it', () => {
    fc.assert(
      fc.property(...anything, (a, b, maxNorm) => {
        fc.pre(norm([...a, ...b]) > maxNorm);
        expect(norm(clip(maxNorm, a, b))).toBeAllclose(maxNorm, {rtol: 1e-6});
      }),
    );
  });

  it('keeps their common direction', () => {
    fc.assert(
      fc.property(...anything, (a, b, maxNorm) => {
        expect(cosine(clip(maxNorm, a, b), [...a, ...b])).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does nothing more the second time', () => {
    fc.assert(
      fc.property(...anything, (a, b, maxNorm) => {
        const once = clip(maxNorm, a, b);
        const twice = clip(maxNorm, once.slice(0, a.length), once.slice(a.length));
        expect(twice).toBeAllclose(once, {rtol: 1e-6, atol: 1e-38});
      }),
    );
  });

  it('does not mind the order of entries', () => {
    fc.assert(
      fc.property(...anything, (a, b, maxNorm) => {
        const straight = clip(maxNorm, a, b);
        const [first, second] = [straight.slice(0, a.length), straight.slice(a.length)];
        const turned = clip(maxNorm, a.toReversed(), b.toReversed());
        expect(turned).toBeAllclose([...first.reverse(), ...second.reverse()], {rtol: 1e-6, atol: 1e-38});
      }),
    );
  });

  it('scales with gradients and limit', () => {
    fc.assert(
      fc.property(...anything, powerOfTwo, (a, b, maxNorm, factor) => {
        const times = (list: number[]) => list.map((value) => value * factor);
        const scaledUp = clip(maxNorm * factor, times(a), times(b));
        expect(scaledUp).toBeAllclose(times(clip(maxNorm, a, b)), {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });

  it.each([2, 'inf'] as const)('takes tensors of rank 0 to 5, huge and tiny, for norm %s', (kind) => {
    fc.assert(
      fc.property(anyGradients, positive, (grads, maxNorm) => {
        expectSameForm(apply(clipByGlobalNorm({maxNorm, norm: kind}), tensorsOf(grads)), grads);
      }),
    );
  });

  it("brings the largest magnitude to the smaller of itself and the bound for norm 'inf'", () => {
    const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
    fc.assert(
      fc.property(anyGradients, positive, (grads, maxNorm) => {
        const before = tensorsOf(grads);
        const clipped = entriesOf(apply(clipByGlobalNorm({maxNorm, norm: 'inf'}), before));
        const wanted = Math.min(largest(entriesOf(before)), maxNorm);
        expect(largest(clipped)).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
      }),
    );
  });

  it("does nothing more the second time, and scales with gradients and limit, for norm 'inf'", () => {
    fc.assert(
      fc.property(anyGradients, positive, powerOfTwo, (grads, maxNorm, factor) => {
        const transform = clipByGlobalNorm({maxNorm, norm: 'inf'});
        const once = apply(transform, tensorsOf(grads));
        expect(entriesOf(apply(transform, once))).toBeAllclose(entriesOf(once), {rtol: 1e-6, atol: 1e-38});
        const more = clipByGlobalNorm({maxNorm: maxNorm * factor, norm: 'inf'});
        const scaledUp = entriesOf(apply(more, tensorsOf(scaled(grads, factor))));
        const wanted = entriesOf(once).map((value) => value * factor);
        expect(scaledUp).toBeAllclose(wanted, {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });
});
