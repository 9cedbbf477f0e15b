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
import {clipSpikes, type ClipSpikesOptions} from './clipSpikes.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  vi.restoreAllMocks();
  tf.engine().endScope();
});

testTransform({factory: clipSpikes, options: {warmup: 2, threshold: 0.1}});

/** What becomes of gradients of one entry, step by step. */
function clip(options: ClipSpikesOptions, values: readonly number[]): number[] {
  const steps = values.map((value) => ({w: tf.scalar(value)}));
  return applySteps(clipSpikes(options), steps).flatMap(entriesOf);
}

describe('clipSpikes', () => {
  it('passes everything unchanged while it collects', () => {
    expect(clip({warmup: 4}, [1, -0.1, 1e30, 1e-30])).toEqual([1, -0.1, 1e30, 1e-30].map(Math.fround));
  });

  it('brings a spike to mean + deviation · threshold² / z', () => {
    // Mean 2, deviation 1, z = 10.
    expect(clip({warmup: 2, threshold: 2}, [1, 3, 12]).at(-1)).toBeAllclose(2.4);
  });

  it('leaves a norm at the threshold exactly alone', () => {
    expect(clip({warmup: 2, threshold: 2, epsilon: 1e-30}, [1, 3, 4]).at(-1)).toBe(4);
  });

  it('leaves norms alone that are far smaller than the others', () => {
    expect(clip({warmup: 2}, [1, 1.1, 1e-3]).at(-1)).toBe(Math.fround(1e-3));
  });

  it('lets the clipped norm into the averages, not the spike', () => {
    // After 2.4: mean 2.2, variance 1/2 + 0.2² / 2; 12 is at z = 13.59.
    const deviation = Math.sqrt(0.5 + 0.02);
    const z = (12 - 2.2) / deviation;
    const clipped = clip({warmup: 2, threshold: 2, decay: 0.5}, [1, 3, 12, 12]);
    expect(clipped.at(-1)).toBeAllclose(2.2 + (deviation * 4) / z, {rtol: 1e-5});
  });

  it('takes the norm of all gradients together', () => {
    const steps = [[1], [3], [12]].map(([size]) => ({
      a: tf.tensor1d([0.6 * size!]),
      b: tf.scalar(0.8 * size!),
    }));
    const clipped = applySteps(clipSpikes({warmup: 2, threshold: 2}), steps).at(-1)!;
    expect(entriesOf(clipped)).toBeAllclose([0.6 * 2.4, 0.8 * 2.4]);
  });

  it.each([Infinity, Number.NaN])('goes on as if a step with %d had not been', (bad) => {
    const options = {warmup: 3, threshold: 1};
    const without = clip(options, [1, 3, 2, 12, 2, 9]);
    const steps = [bad, 1, bad, 3, 2, bad, 12, bad, 2, 9];
    const among = clip(options, steps);
    expect(among.filter((_, i) => !Object.is(steps[i], bad))).toEqual(without);
    expect(among.filter((_, i) => Object.is(steps[i], bad))).toEqual([bad, bad, bad, bad]);
  });

  it('does not count a step without gradients', () => {
    const transform = clipSpikes();
    const state = transform.init({});
    const ctx = {step: 0, params: {}, keys: {}, seed: 0};
    expect(transform.update({}, state, ctx)[1]).toBe(state);
  });

  it('does not get stuck at 0 after gradients of 0', () => {
    expect(clip({warmup: 2}, [0, 0, 3])).toEqual([0, 0, 3]);
  });

  it('follows norms whose squares are no float32', () => {
    const clipped = clip({warmup: 2, threshold: 2}, [1e30, 3e30, 12e30]);
    expect(clipped.at(-1)).toBeAllclose(2.4e30);
    const tiny = clip({warmup: 2, threshold: 2, epsilon: 1e-37}, [1e-30, 3e-30, 12e-30]);
    expect(tiny.at(-1)).toBeAllclose(2.4e-30, {atol: 0});
  });

  it('reads nothing from the device', () => {
    const transform = clipSpikes({warmup: 1});
    const reads = (['data', 'dataSync'] as const).map((read) => vi.spyOn(tf.Tensor.prototype, read));
    applySteps(transform, [{w: tf.scalar(1)}, {w: tf.scalar(2)}]);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
  });

  it.each<[unknown, Error]>([
    [
      null,
      new TypeError(
        'clipSpikes: options must be an object, e.g. clipSpikes({threshold: 2.5, decay: 0.97, warmup: 25, epsilon: 0.000001}), got null.',
      ),
    ],
    [
      {z: 1},
      new TypeError("clipSpikes: there is no option 'z'. Options: threshold, decay, warmup, epsilon."),
    ],
    [{threshold: 0}, new RangeError('clipSpikes: threshold must be > 0, got 0.')],
    [{decay: -0.1}, new RangeError('clipSpikes: decay must be >= 0, got -0.1.')],
    [{decay: 1}, new RangeError('clipSpikes: decay must be < 1, got 1.')],
    [{warmup: 0}, new RangeError('clipSpikes: warmup must be a whole number >= 1, got 0.')],
    [{warmup: 2.5}, new RangeError('clipSpikes: warmup must be a whole number >= 1, got 2.5.')],
    [{epsilon: 0}, new RangeError('clipSpikes: epsilon must be > 0, got 0.')],
  ])('rejects %o', (options, error) => {
    expect(() => clipSpikes(options as ClipSpikesOptions)).toThrow(error);
  });
});

describe('clipSpikes agrees with ZClip in NumPy', () => {
  it.each(fixtures.spikes)('over 80 steps with $options', ({options, factors}) => {
    const steps = fixtures.steps.map((step) => tensorsLike(fixtures.stepShapes, step));
    applySteps(clipSpikes(options), steps).forEach((clipped, step) => {
      const wanted = entriesOf(steps[step]!).map((value) => value * factors[step]!);
      expect(entriesOf(clipped)).toBeAllclose(wanted, {rtol: 1e-6, atol: 0});
    });
  });
});

describe('clipSpikes, whatever the gradients,', () => {
  const steps = fc.array(
    fc.constantFrom(0.01, 1, 100).chain((size) => gradientsLike({a: [2, 2], b: []}, size)),
    {minLength: 4, maxLength: 8},
  );
  const options = {warmup: 3, threshold: 0.5};

  it('never makes a norm larger, and keeps the direction', () => {
    fc.assert(
      fc.property(steps, (grads) => {
        const before = grads.map(tensorsOf);
        applySteps(clipSpikes(options), before).forEach((clipped, step) => {
          const [values, old] = [entriesOf(clipped), entriesOf(before[step]!)];
          expect(norm(values)).toBeLessThanOrEqual(norm(old) * (1 + 1e-6));
          expect(cosine(values, old)).toBeCloseTo(1, 6);
        });
      }),
    );
  });

  it('scales with gradients and epsilon', () => {
    fc.assert(
      fc.property(steps, powerOfTwo, (grads, factor) => {
        const outputs = (epsilon: number, by: number) =>
          applySteps(
            clipSpikes({...options, epsilon}),
            grads.map((step) => tensorsOf(scaled(step, by))),
          ).flatMap(entriesOf);
        const wanted = outputs(1e-3, 1).map((value) => value * factor);
        expect(outputs(1e-3 * factor, factor)).toBeAllclose(wanted, {rtol: 1e-5, atol: 1e-37});
      }),
    );
  });

  it('takes tensors of rank 0 to 5, huge and tiny', () => {
    fc.assert(
      fc.property(anyGradients, (grads) => {
        const factors = [1, 2, 3, 1000];
        const all = factors.map((factor) => scaled(grads, factor));
        const outputs = applySteps(clipSpikes(options), all.map(tensorsOf));
        outputs.forEach((clipped, step) => expectSameForm(clipped, all[step]!));
      }),
    );
  });
});
