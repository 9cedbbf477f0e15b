import {type NamedTensors, parameterKeys} from '@gradwire/core';
import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {correlationScore, moments} from '../fixtures/statistics.js';
import {agarap} from './agarap.js';
import {gradientNoise, type GradientNoiseOptions} from './gradientNoise.js';
import {neelakantan} from './neelakantan.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: gradientNoise, options: {eta: 0.3}});
testTransform({
  factory: gradientNoise,
  options: {eta: 1, gamma: 0, seed: 0},
  name: 'gradientNoise with all options',
});

function addNoise(
  options: GradientNoiseOptions,
  grads: NamedTensors,
  {step = 0, epoch, seed = 0}: {step?: number; epoch?: number; seed?: number} = {},
): NamedTensors {
  const keys = parameterKeys(Object.keys(grads));
  return gradientNoise(options).update(grads, undefined, {
    step,
    ...(epoch === undefined ? {} : {epoch}),
    params: {},
    keys,
    seed,
  })[0];
}

/** What is added to the gradient of one parameter. */
function noise(
  options: GradientNoiseOptions,
  {step = 0, seed = 0, size = 1000, name = 'w'} = {},
): Float32Array {
  return addNoise(options, {[name]: tf.zeros([size])}, {step, seed})[name]!.dataSync<'float32'>();
}

describe('gradientNoise', () => {
  it('adds to the gradient', () => {
    const grad = tf.range(0, 1000);
    const noisy = addNoise({eta: 1}, {w: grad}).w!;
    expect(noisy).toBeAllclose(tf.add(grad, tf.tensor1d(noise({eta: 1}))));
  });

  it.each([0, 1, 10, 100, 1000, 10_000])('has the variance eta / (1 + t)^gamma at step %d', (step) => {
    const size = 100_000;
    const [, variance] = moments(noise({eta: 0.3}, {step, size}));
    expect(Math.abs(variance / (0.3 / (1 + step) ** 0.55) - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  });

  it('takes eta as a variance, not as a deviation', () => {
    const size = 100_000;
    const [, variance] = moments(noise({eta: 0.01, gamma: 0}, {size}));
    expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  });

  it('does not decay with gamma 0', () => {
    const size = 100_000;
    const [, variance] = moments(noise({eta: 1, gamma: 0}, {step: 1000, size}));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  });

  it('draws the same numbers for any gamma, of another size', () => {
    const [gentle, strong] = [noise({eta: 1, gamma: 1}, {step: 3}), noise({eta: 1, gamma: 0}, {step: 3})];
    expect(gentle.map((x) => 2 * x)).toBeAllclose(strong);
  });

  it('adds nothing with eta 0', () => {
    const grads = {w: tf.tensor1d([1, 2])};
    expect(addNoise({eta: 0}, grads)).toBe(grads);
  });

  it('leaves gradients that are not float32 alone', () => {
    const w = tf.tensor1d([1, 2], 'int32');
    expect(addNoise({eta: 1}, {w}).w).toBe(w);
  });

  it('gives other noise at every step', () => {
    const size = 100_000;
    const score = correlationScore(noise({eta: 1}, {step: 0, size}), noise({eta: 1}, {step: 1, size}));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it('gives other noise to every parameter, of equal shapes too', () => {
    const {a, b} = addNoise({eta: 1}, {a: tf.zeros([100_000]), b: tf.zeros([100_000])});
    const score = correlationScore(a!.dataSync<'float32'>(), b!.dataSync<'float32'>());
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it('does not depend on the order of the parameters', () => {
    const {a} = addNoise({eta: 1}, {a: tf.zeros([9]), b: tf.zeros([4])});
    const {a: last} = addNoise({eta: 1}, {b: tf.zeros([4]), a: tf.zeros([9])});
    expect(last!.dataSync()).toEqual(a!.dataSync());
  });

  it('does not depend on which other parameters have gradients', () => {
    const keys = parameterKeys(['a', 'b']);
    const ctx = {step: 0, params: {}, keys, seed: 0};
    const [both] = gradientNoise({eta: 1}).update({a: tf.zeros([9]), b: tf.zeros([4])}, undefined, ctx);
    const [alone] = gradientNoise({eta: 1}).update({b: tf.zeros([4])}, undefined, ctx);
    expect(alone.b!.dataSync()).toEqual(both.b!.dataSync());
  });

  it('does not depend on the shape, only on the element', () => {
    const square = addNoise({eta: 1}, {w: tf.zeros([3, 3])}).w!;
    expect(square.dataSync()).toEqual(noise({eta: 1}, {size: 9}));
  });

  it('follows the seed of the run by default', () => {
    expect(noise({eta: 1}, {seed: 5})).toEqual(noise({eta: 1, seed: 5}, {seed: 0}));
  });

  it('prefers its own seed, 0 like any other', () => {
    expect(noise({eta: 1, seed: 0}, {seed: 5})).toEqual(noise({eta: 1, seed: 0}, {seed: 6}));
    expect(noise({eta: 1, seed: 0})).not.toEqual(noise({eta: 1, seed: 1}));
  });

  it('says its options in a configuration of plain JSON', () => {
    const defaults = {gamma: 0.55, unit: 'step', formula: 'variance', relative: false};
    expect(gradientNoise({eta: 0.3}).config).toStrictEqual({eta: 0.3, ...defaults});
    const all = {eta: 0.3, gamma: 1, unit: 'epoch', formula: 'deviation', relative: true, seed: 0} as const;
    expect(gradientNoise(all).config).toStrictEqual(all);
  });

  it('makes nothing that is not freed', async () => {
    await expectNoLeaks(() => tf.tidy(() => void addNoise({eta: 1}, {w: tf.zeros([5])})));
  });

  it('says so when the context does not know a parameter', () => {
    const ctx = {step: 0, params: {}, keys: {}, seed: 0};
    expect(() => gradientNoise({eta: 1}).update({w: tf.zeros([1])}, undefined, ctx)).toThrow(
      new Error("gradientNoise: the step context has no key for 'w'."),
    );
  });

  it.each([
    [{eta: -1}, 'eta must be >= 0, got -1.'],
    [{eta: Number.NaN}, 'eta must be >= 0, got NaN.'],
    [{eta: '1' as unknown as number}, "eta must be a number >= 0, got the string '1'."],
    [{} as GradientNoiseOptions, 'eta must be a number >= 0, got undefined.'],
    [{eta: Infinity}, 'eta must be a finite number >= 0, got Infinity.'],
    [{eta: 1, gamma: -0.5}, 'gamma must be >= 0, got -0.5.'],
    [{eta: 1, seed: 0.5}, 'seed must be a whole number >= 0, got 0.5.'],
    [{eta: 1, seed: -1}, 'seed must be a whole number >= 0, got -1.'],
  ])('rejects %j by name', (options, message) => {
    expect(() => gradientNoise(options)).toThrow(new RangeError(`gradientNoise: ${message}`));
  });

  const CALL =
    "options must be an object, e.g. gradientNoise({eta: 0.3, gamma: 0.55, unit: 'step', formula: 'variance', relative: false, seed: 42}), got";

  it.each([
    [undefined, `${CALL} undefined.`],
    [0.3, `${CALL} the number 0.3.`],
    [{Eta: 0.3}, "there is no option 'Eta'. Options: eta, gamma, unit, formula, relative, seed."],
  ])('rejects the options %o', (options, message) => {
    expect(() => gradientNoise(options as unknown as GradientNoiseOptions)).toThrow(
      new TypeError(`gradientNoise: ${message}`),
    );
  });

  it.each<[object, string]>([
    [{eta: 1, unit: 'steps'}, "unit must be 'step' or 'epoch', got the string 'steps'."],
    [{eta: 1, formula: 'sd'}, "formula must be 'variance' or 'deviation', got the string 'sd'."],
    [{eta: 1, relative: 1}, 'relative must be true or false, got the number 1.'],
    [{eta: () => 1, gamma: 0.55}, 'gamma has no effect where eta is a function. Leave it out.'],
  ])('rejects %o', (options, message) => {
    expect(() => gradientNoise(options as GradientNoiseOptions)).toThrow(
      new TypeError(`gradientNoise: ${message}`),
    );
  });

  it('is other noise for any other seed, step or parameter', () => {
    const place = fc.record({
      seed: fc.nat(),
      step: fc.nat(),
      name: fc.constantFrom('a', 'b', 'c/kernel', 'c/bias'),
    });
    const normals = ({seed, step, name}: {seed: number; step: number; name: string}): string =>
      noise({eta: 1, gamma: 0, seed}, {step, name, size: 5}).join();
    fc.assert(
      fc.property(place, place, (one, other) => {
        expect(normals(one) === normals(other)).toBe(fc.stringify(one) === fc.stringify(other));
      }),
    );
  });
});

/** The deviation of what is added to a gradient of 100 000 entries. */
function deviationOf(options: GradientNoiseOptions, at: {step?: number; epoch?: number}, value = 0): number {
  const grad = tf.fill([100_000], value);
  const noisy = addNoise(options, {w: grad}, at).w!;
  const [, variance] = moments(tf.sub(noisy, grad).dataSync<'float32'>());
  return Math.sqrt(variance);
}

describe('the size of gradientNoise', () => {
  // Four standard errors of a deviation that is measured with 100 000 numbers.
  const tolerance = {rtol: 4 * Math.sqrt(0.5 / 100_000)};

  it.each([
    [0, 1],
    [1, 0.683],
    [4, 0.4126],
    [9, 0.2818],
    [19, 0.1925],
    [49, 0.1163],
    [99, 0.0794],
  ])('follows agarap: in epoch %d its deviation is %d, whatever the step', (epoch, deviation) => {
    expect(deviationOf(agarap, {step: 1234, epoch})).toBeAllclose(deviation, {rtol: tolerance.rtol + 5e-4});
  });

  it.each([
    [0, 0.3],
    [99, 0.3 / 100 ** 0.55],
  ])('follows neelakantan: at step %d its variance is %d', (step, variance) => {
    expect(deviationOf({...neelakantan, eta: 0.3}, {step})).toBeAllclose(Math.sqrt(variance), tolerance);
  });

  it('is what a function of the step says', () => {
    const eta = (t: number): number => (t < 10 ? 4 : 0.25);
    expect(deviationOf({eta}, {step: 9})).toBeAllclose(2, tolerance);
    expect(deviationOf({eta}, {step: 10})).toBeAllclose(0.5, tolerance);
  });

  it('is what a function of the epoch says, as a deviation', () => {
    const options = {eta: (t: number) => 1 + t, unit: 'epoch', formula: 'deviation'} as const;
    expect(deviationOf(options, {step: 77, epoch: 2})).toBeAllclose(3, tolerance);
  });

  it.each([1e-6, 1, 1e6])('is relative to a gradient of entries around %d', (value) => {
    const options = {eta: 0.5, gamma: 0, formula: 'deviation', relative: true} as const;
    expect(deviationOf(options, {}, value)).toBeAllclose(0.5 * value, {rtol: 0.02});
  });

  it('is relative to each gradient by itself', () => {
    const options = {eta: 1, gamma: 0, relative: true} as const;
    const grads = {small: tf.fill([10_000], 1e-3), large: tf.fill([10_000], 1e3), zero: tf.zeros([3])};
    const noisy = addNoise(options, grads);
    const [small, large] = [noisy.small!, noisy.large!].map(
      (x) => moments(x.dataSync<'float32'>())[1] ** 0.5,
    );
    expect(large! / small!).toBeCloseTo(1e6, -5);
    expect([...noisy.zero!.dataSync()]).toEqual([0, 0, 0]);
  });

  it('says so where nobody tells the epoch', () => {
    expect(() => addNoise(agarap, {w: tf.zeros([1])})).toThrow(
      "gradientNoise: unit 'epoch' needs to know the epoch, and model.fit does not tell it. Use createTrainer, or set optimizer.epoch = epoch in onEpochBegin.",
    );
  });

  it('says so where a function gives no size', () => {
    expect(() => addNoise({eta: (t) => 1 - t}, {w: tf.zeros([1])}, {step: 2})).toThrow(
      new RangeError('gradientNoise: eta(2) must be >= 0, got -1.'),
    );
  });
});
