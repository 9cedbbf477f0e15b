import {chain, type GradientTransform, type NamedTensors, transformGradients} from '@gradwire/core';
import {testTransform} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {apply, applySteps} from '../fixtures/apply.js';
import {anyGradients, entriesOf, expectSameForm, tensorsOf} from '../fixtures/gradients.js';
import {skipNonFinite, type SkipNonFiniteOptions} from './skipNonFinite.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  vi.restoreAllMocks();
  tf.engine().endScope();
  tf.disposeVariables();
});

testTransform({factory: skipNonFinite, options: {maxConsecutive: 3}});

const good = (): NamedTensors => ({w: tf.tensor1d([1, 2]), b: tf.scalar(3)});
const bad = (value = Number.NaN): NamedTensors => ({w: tf.tensor1d([1, 2]), b: tf.scalar(value)});

describe('skipNonFinite', () => {
  it('passes the very gradients where all entries are finite', () => {
    const grads = good();
    expect(apply(skipNonFinite(), grads)).toBe(grads);
  });

  it.each([Number.NaN, Infinity, -Infinity])('leaves out all gradients where one has %d', (value) => {
    expect(apply(skipNonFinite(), bad(value))).toEqual({});
  });

  it('finds one bad entry among many, wherever it stands', () => {
    for (const place of [0, 500, 999]) {
      const values = Array.from({length: 1000}, (_, i) => (i === place ? Number.NaN : 1));
      expect(apply(skipNonFinite(), {w: tf.tensor(values, [10, 100])})).toEqual({});
    }
  });

  it('passes entries of 1e30', () => {
    const grads = {w: tf.tensor1d([1e30, -1e30])};
    expect(apply(skipNonFinite(), grads)).toBe(grads);
  });

  it('throws when more than maxConsecutive steps in a row are bad', () => {
    const transform = skipNonFinite({maxConsecutive: 2});
    expect(applySteps(transform, [bad(), bad()])).toEqual([{}, {}]);
    expect(() => applySteps(transform, [bad(), bad(), bad()])).toThrow(
      new Error(
        "skipNonFinite: 3 steps in a row had gradients that are not finite; this time those of 'b'. " +
          'The weights are as before. Lower the learning rate, clip the gradients, or look for NaN in the data.',
      ),
    );
  });

  it('throws at once for maxConsecutive 0', () => {
    const both = {a: tf.scalar(Number.NaN), b: tf.scalar(1), c: tf.scalar(Infinity)};
    expect(() => apply(skipNonFinite({maxConsecutive: 0}), both)).toThrow("those of 'a' and 1 more.");
  });

  it('starts to count anew after a good step', () => {
    const transform = skipNonFinite({maxConsecutive: 1});
    const outputs = applySteps(transform, [bad(), good(), bad(), good()]);
    expect(outputs.map((grads) => Object.keys(grads))).toEqual([[], ['w', 'b'], [], ['w', 'b']]);
  });

  it('says what to do where the backend cannot read at once', () => {
    const cause = new Error('readSync is not supported.');
    vi.spyOn(tf.backend(), 'readSync').mockImplementation(() => {
      throw cause;
    });
    const grads = good();
    expect(() => apply(skipNonFinite(), grads)).toThrow(
      new Error(
        "skipNonFinite: the backend 'cpu' cannot read tensors synchronously, which this needs in every step. " +
          'Use zeroNonFinite() instead, which reads nothing.',
        {cause},
      ),
    );
  });

  it('reads once per step, whatever the number of parameters', () => {
    const read = vi.spyOn(tf.backend(), 'readSync');
    apply(skipNonFinite(), good());
    expect(read).toHaveBeenCalledTimes(1);
  });

  it.each<[unknown, Error]>([
    [
      null,
      new TypeError(
        'skipNonFinite: options must be an object, e.g. skipNonFinite({maxConsecutive: 5}), got null.',
      ),
    ],
    [{max: 1}, new TypeError("skipNonFinite: there is no option 'max'. Options: maxConsecutive.")],
    [
      {maxConsecutive: -1},
      new RangeError('skipNonFinite: maxConsecutive must be a whole number >= 0, got -1.'),
    ],
    [
      {maxConsecutive: Infinity},
      new RangeError('skipNonFinite: maxConsecutive must be a whole number >= 0, got Infinity.'),
    ],
  ])('rejects %o', (options, error) => {
    expect(() => skipNonFinite(options as SkipNonFiniteOptions)).toThrow(error);
  });
});

describe('skipNonFinite in training', () => {
  /** Counts its steps, in its state. */
  const counter: GradientTransform<{readonly steps: number}> = Object.freeze({
    name: 'counter',
    init: () => ({steps: 0}),
    update: (grads: NamedTensors, {steps}: {readonly steps: number}) => [grads, {steps: steps + 1}] as const,
  });

  it('keeps weights, moments and step count, and the transforms after it do not run', () => {
    const run = (all: readonly (() => NamedTensors)[]) => {
      const weights = {
        w: tf.variable(tf.tensor1d([1, 2]), true, 'w'),
        b: tf.variable(tf.scalar(3), true, 'b'),
      };
      const seen: number[] = [];
      const spy: GradientTransform<{readonly steps: number}> = {
        ...counter,
        update(grads, state, ctx) {
          seen.push(ctx.step, state.steps);
          return counter.update(grads, state, ctx);
        },
      };
      const optimizer = transformGradients(tf.train.adam(0.1), chain(skipNonFinite(), spy));
      for (const grads of all) optimizer.applyGradients(grads() as tf.NamedTensorMap);
      const values = entriesOf(weights);
      optimizer.dispose();
      tf.disposeVariables();
      return {values, seen};
    };
    const withBad = run([good, bad, bad, good, bad, good]);
    expect(withBad).toEqual(run([good, good, good]));
    expect(withBad.seen).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('throws with the weights as before, and goes on when they are good again', () => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(1), skipNonFinite({maxConsecutive: 1}));
    const step = (value: number) => optimizer.applyGradients({w: tf.scalar(value)});
    step(Number.NaN);
    for (let i = 0; i < 2; i++) expect(() => step(Number.NaN)).toThrow('2 steps in a row');
    expect(w.dataSync()[0]).toBe(1);
    step(0.25);
    expect(w.dataSync()[0]).toBe(0.75);
    optimizer.dispose();
  });
});

describe('skipNonFinite, whatever the gradients,', () => {
  it('passes finite ones of rank 0 to 5 unchanged, and none with a bad entry among them', () => {
    fc.assert(
      fc.property(anyGradients, fc.constantFrom(Number.NaN, Infinity, -Infinity), (grads, value) => {
        const tensors = tensorsOf(grads);
        expectSameForm(apply(skipNonFinite(), tensors), grads);
        expect(apply(skipNonFinite(), {...tensors, bad: tf.tensor1d([1, value])})).toEqual({});
      }),
    );
  });
});
