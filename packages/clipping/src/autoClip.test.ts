import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {applySteps} from '../fixtures/apply.js';
import fixtures from '../fixtures/clipping.json' with {type: 'json'};
import {
  anyGradients,
  cosine,
  entriesOf,
  expectSameForm,
  gradientsLike,
  norm,
  powerOfTwo,
  scaled,
  tensorsLike,
  tensorsOf,
} from '../fixtures/gradients.js';
import {autoClip, type AutoClipOptions} from './autoClip.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  vi.restoreAllMocks();
  tf.engine().endScope();
});

testTransform({factory: autoClip, options: {percentile: 25, window: 3}});

/** What becomes of gradients of one entry, step by step. */
function clip(options: AutoClipOptions, values: readonly number[]): number[] {
  const steps = values.map((value) => ({w: tf.scalar(value)}));
  return applySteps(autoClip(options), steps).flatMap(entriesOf);
}

describe('autoClip', () => {
  it('leaves the first gradient exactly alone', () => {
    expect(clip({}, [-0.1])).toEqual([Math.fround(-0.1)]);
  });

  it('leaves gradients below the percentile exactly alone', () => {
    expect(clip({percentile: 50}, [1, 0.1, 0.01])).toEqual([1, 0.1, 0.01].map(Math.fround));
  });

  it('brings gradients above it to the percentile, this step included', () => {
    expect(clip({percentile: 50}, [1, -2, 9])).toBeAllclose([1, -1.5, 2]);
  });

  it('interpolates between two norms', () => {
    // 10 % of the way through [1, 2, 3]: at place 0.2.
    expect(clip({percentile: 10}, [1, 2, 3])).toBeAllclose([1, 1.1, 1.2]);
  });

  it('remembers norms before clipping', () => {
    expect(clip({percentile: 50}, [1, 5, 5])).toBeAllclose([1, 3, 5]);
  });

  it('forgets what lies before the window', () => {
    expect(clip({percentile: 0, window: 2}, [1, 2, 3, 4])).toBeAllclose([1, 1, 2, 3]);
  });

  it('clips nothing with a window of 1', () => {
    expect(clip({window: 1}, [1, 20, 3])).toEqual([1, 20, 3]);
  });

  it('clips nothing with percentile 100', () => {
    expect(clip({percentile: 100, window: 2}, [1, 20, 3])).toEqual([1, 20, 3]);
  });

  it('takes the norm of all gradients together', () => {
    const steps = [1, 9].map((size) => ({a: tf.tensor1d([0.6 * size]), b: tf.scalar(0.8 * size)}));
    const clipped = applySteps(autoClip({percentile: 0}), steps).at(-1)!;
    expect(entriesOf(clipped)).toBeAllclose([0.6, 0.8]);
  });

  it.each([Infinity, Number.NaN, 0])('goes on as if a step with %d had not been', (bad) => {
    const options = {percentile: 30, window: 3};
    const without = clip(options, [1, 3, 2, 12, 2, 9]);
    const steps = [bad, 1, bad, 3, 2, bad, 12, bad, 2, 9];
    const among = clip(options, steps);
    expect(among.filter((_, i) => !Object.is(steps[i], bad))).toEqual(without);
    expect(among.filter((_, i) => Object.is(steps[i], bad))).toEqual([bad, bad, bad, bad]);
  });

  it('follows norms whose squares are no float32', () => {
    expect(clip({percentile: 50}, [1e30, 3e30])).toBeAllclose([1e30, 2e30]);
    expect(clip({percentile: 50}, [1e-30, 3e-30])).toBeAllclose([1e-30, 2e-30], {atol: 0});
  });

  it('reads nothing from the device', () => {
    const transform = autoClip({window: 2});
    const reads = (['data', 'dataSync'] as const).map((read) => vi.spyOn(tf.Tensor.prototype, read));
    applySteps(transform, [{w: tf.scalar(1)}, {w: tf.scalar(2)}]);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
  });

  it.each<[unknown, Error]>([
    [
      null,
      new TypeError(
        'autoClip: options must be an object, e.g. autoClip({percentile: 10, window: 1000}), got null.',
      ),
    ],
    [{p: 1}, new TypeError("autoClip: there is no option 'p'. Options: percentile, window.")],
    [{percentile: -1}, new RangeError('autoClip: percentile must be >= 0, got -1.')],
    [{percentile: 101}, new RangeError('autoClip: percentile must be <= 100, got 101.')],
    [{window: 0}, new RangeError('autoClip: window must be a whole number >= 1, got 0.')],
  ])('rejects %o', (options, error) => {
    expect(() => autoClip(options as AutoClipOptions)).toThrow(error);
  });
});

describe('autoClip agrees with numpy.percentile', () => {
  it.each(fixtures.percentiles)('over 80 steps with $options', ({options, factors}) => {
    const steps = fixtures.steps.map((step) => tensorsLike(fixtures.stepShapes, step));
    applySteps(autoClip(options), steps).forEach((clipped, step) => {
      const wanted = entriesOf(steps[step]!).map((value) => value * factors[step]!);
      expect(entriesOf(clipped)).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    });
  });
});

describe('autoClip, whatever the gradients,', () => {
  const steps = fc.array(
    fc.constantFrom(0.01, 1, 100).chain((size) => gradientsLike({a: [2, 2], b: []}, size)),
    {minLength: 1, maxLength: 8},
  );
  const options = fc.record({
    percentile: fc.integer({min: 0, max: 100}),
    window: fc.integer({min: 1, max: 5}),
  });

  it('brings the norm to the smaller of itself and the percentile, and keeps the direction', () => {
    fc.assert(
      fc.property(options, steps, ({percentile, window}, grads) => {
        const before = grads.map(tensorsOf);
        let norms: number[] = [];
        applySteps(autoClip({percentile, window}), before).forEach((clipped, step) => {
          const [values, old] = [entriesOf(clipped), entriesOf(before[step]!)];
          if (norm(old) > 0) norms = [...norms, norm(old)].slice(-window);
          const bound = norms.length > 0 ? percentileOf(norms, percentile) : 0;
          expect(norm(values)).toBeAllclose(Math.min(norm(old), bound), {rtol: 1e-6, atol: 0});
          expect(cosine(values, old)).toBeCloseTo(1, 6);
        });
      }),
    );
  });

  it('scales with the gradients', () => {
    fc.assert(
      fc.property(options, steps, powerOfTwo, (given, grads, factor) => {
        const outputs = (by: number) =>
          applySteps(
            autoClip(given),
            grads.map((step) => tensorsOf(scaled(step, by))),
          ).flatMap(entriesOf);
        const wanted = outputs(1).map((value) => value * factor);
        expect(outputs(factor)).toBeAllclose(wanted, {rtol: 1e-6, atol: 1e-37});
      }),
    );
  });

  it('takes tensors of rank 0 to 5, huge and tiny', () => {
    fc.assert(
      fc.property(anyGradients, options, (grads, given) => {
        const all = [1, 2, 1000].map((factor) => scaled(grads, factor));
        const outputs = applySteps(autoClip(given), all.map(tensorsOf));
        outputs.forEach((clipped, step) => expectSameForm(clipped, all[step]!));
      }),
    );
  });
});

/** The plainest way to a percentile. */
function percentileOf(values: readonly number[], percentile: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  const place = (percentile / 100) * (values.length - 1);
  const [below, above] = [ascending[Math.floor(place)]!, ascending[Math.ceil(place)]!];
  return below + (above - below) * (place % 1);
}
