import {updateStats} from '@gradwire/capture';
import {type Alert, type Capture, every} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {alertOf, told, train} from '../../fixtures/course.js';
import {onAlert} from '../onAlert.js';
import {defineTreatment} from '../treatment.js';
import {limitUpdateRatio} from './limitUpdateRatio.js';
import {matchUpdateRatio} from './matchUpdateRatio.js';
import {retuneRate} from './retuneRate.js';
import {scaleRate} from './scaleRate.js';

const failing = defineTreatment('failing', () => {
  throw new Error('no.');
});
const worsen = defineTreatment('worsen', (training) => {
  tf.tidy(() => training.variables.forEach((variable) => variable.assign(tf.fill(variable.shape, 9))));
  return {change: 'worse'};
});

/** Stands in for `updateStats`: tells these ratios of the kernels, one per capture. */
function ratios(told_: readonly number[], whenever = every(1)): Capture {
  let next = 0;
  return {
    name: 'updateStats',
    when: whenever,
    measure: () => ({'last/kernel': {ratio: tf.scalar(told_[Math.min(next++, told_.length - 1)]!)}}),
  };
}

const withRatios = (...values: number[]): Alert => ({
  ...alertOf('x'),
  evidence: {quantity: 'ratio', threshold: 0.1, values, steps: values.map((_value, i) => i)},
});

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('scaleRate', () => {
  it('multiplies the rate, with a schedule and without', async () => {
    const remedy = (): ReturnType<typeof onAlert> => onAlert('x', scaleRate({factor: 0.5}));
    const plain = await train([remedy()], {alerts: {1: 'x'}, steps: 4});
    expect(plain.rates).toEqual([0.125, 0.125, 0.0625, 0.0625]);
    const planned = await train([remedy()], {alerts: {1: 'x'}, steps: 4, schedule: (step) => 2 ** -step});
    expect(planned.rates).toEqual([1, 0.5, 0.125, 0.0625]);
  });
});

describe('matchUpdateRatio', () => {
  it('scales the rate by the newest ratio of the alert', async () => {
    const {rates, actions} = await train([onAlert('x', matchUpdateRatio({target: 0.25}))], {
      alerts: {1: withRatios(8, 0.5)},
      steps: 4,
    });
    expect(rates).toEqual([0.125, 0.125, 0.0625, 0.0625]);
    expect(actions[0]!.change).toBe('learning rate × 0.5');
  });

  it.each([
    ['no evidence', alertOf('x')],
    ['a ratio of 0', withRatios(1, 0)],
    ['a ratio that is infinite', withRatios(Number.POSITIVE_INFINITY)],
    ['a ratio that is NaN', withRatios(Number.NaN)],
  ])('fails as an event at an alert with %s', async (_what, alert) => {
    const {rates, actions} = await train([onAlert('x', matchUpdateRatio())], {alerts: {1: alert}, steps: 4});
    expect(actions).toEqual([
      expect.objectContaining({action: 'failed', change: 'the alert tells no ratio.'}),
    ]);
    expect(new Set(rates)).toEqual(new Set([0.125]));
  });
});

describe('limitUpdateRatio', () => {
  it('brings the largest step so far down to the target', async () => {
    const {rates, actions} = await train([onAlert('x', limitUpdateRatio({target: 0.25}))], {
      alerts: {2: 'x'},
      steps: 5,
      captures: [ratios([0.0625, 2, 0.0625])],
    });
    expect(rates).toEqual([0.125, 0.125, 0.125, 0.015625, 0.015625]);
    expect(actions[0]!.change).toBe('learning rate × 0.125');
  });

  it('fails as an event where no step was too large since it last acted', async () => {
    const {actions} = await train([onAlert('x', limitUpdateRatio(), {after: 2})], {
      alerts: {2: 'x', 6: 'x'},
      captures: [ratios([0.0625, 2, 0.0625])],
    });
    expect(told(actions)).toEqual(['x applied @2', 'x kept @4', 'x failed @6']);
    expect(actions[2]!.change).toBe('no step was too large.');
  });

  it('still knows of the large step where what it did is taken back', async () => {
    const {actions} = await train([onAlert('x', [limitUpdateRatio(), failing])], {
      alerts: {2: 'x', 3: 'x'},
      captures: [ratios([0.0625, 2, 0.0625])],
    });
    expect(actions.map(({change}) => change)).toEqual(['no.', 'no.']);
  });

  it('takes what updateStats measures', async () => {
    const {actions} = await train([onAlert('x', limitUpdateRatio({limit: 1e-6}))], {
      alerts: {2: 'x'},
      captures: [updateStats({when: every(1)})],
    });
    expect(actions[0]!.change).toMatch(/^learning rate × 0\.\d+$/);
  });
});

describe('retuneRate', () => {
  it('scales the rate at the next measurement, and says so in an event of its own', async () => {
    const {rates, actions} = await train([onAlert('x', retuneRate({target: 0.25}), {after: 4})], {
      alerts: {1: 'x'},
      captures: [ratios([1], every(3))],
      steps: 8,
    });
    expect(rates).toEqual([0.125, 0.125, 0.125, 0.125, 0.03125, 0.03125, 0.03125, 0.03125]);
    expect(actions.map(({action, change, reason}) => [action, change, reason])).toEqual([
      ['applied', 'learning rate to be looked at', 'x!'],
      ['applied', 'learning rate × 0.25', 'x!'],
      ['kept', undefined, 'x!'],
    ]);
  });

  it('says so in a trial of its own where that of the remedy is over', async () => {
    const {actions} = await train([onAlert('x', retuneRate({target: 0.25}), {after: 2, undo: true})], {
      alerts: {1: 'x'},
      captures: [ratios([1], every(5))],
      steps: 10,
    });
    expect(told(actions)).toEqual(['x applied @1', 'x kept @3', 'x applied @5', 'x kept @7']);
  });

  it.each([
    ['within a factor of three of the target', 0.7],
    ['no number', Number.NaN],
    ['infinite, as that of weights which are 0', Number.POSITIVE_INFINITY],
    ['zero', 0],
  ])('leaves the rate where the ratio is %s', async (_what, ratio) => {
    const {rates} = await train([onAlert('x', retuneRate({target: 0.25}))], {
      alerts: {1: 'x'},
      captures: [ratios([ratio])],
      steps: 4,
    });
    expect(new Set(rates)).toEqual(new Set([0.125]));
  });

  it('does not follow where its list fails', async () => {
    const {rates} = await train([onAlert('x', [retuneRate({target: 0.25}), failing])], {
      alerts: {1: 'x'},
      captures: [ratios([1])],
      steps: 4,
    });
    expect(new Set(rates)).toEqual(new Set([0.125]));
  });

  it('does not follow after an undo, not even of the same moment', async () => {
    const {rates, actions} = await train(
      [
        onAlert('x', [worsen, scaleRate({factor: 2 ** -20}), retuneRate({target: 0.25})], {
          undo: true,
          after: 4,
        }),
      ],
      {alerts: {0: 'x'}, captures: [ratios([1], (step) => step === 4)], steps: 8},
    );
    expect(told(actions)).toEqual(['x applied @0', 'x undone @4']);
    expect(rates.slice(5)).toEqual([0.125, 0.125, 0.125]);
  });
});

describe('what they are called with', () => {
  it.each<[() => unknown, string]>([
    [() => scaleRate({factor: 0}), 'scaleRate: factor must be > 0, got 0.'],
    [() => matchUpdateRatio({target: -1}), 'matchUpdateRatio: target must be > 0, got -1.'],
    [() => retuneRate({target: 0}), 'retuneRate: target must be > 0, got 0.'],
    [() => limitUpdateRatio({limit: 0}), 'limitUpdateRatio: limit must be > 0, got 0.'],
    [() => limitUpdateRatio({target: 0}), 'limitUpdateRatio: target must be > 0, got 0.'],
  ])('is checked for its range: %#', (call, message) => {
    expect(call).toThrow(new RangeError(message));
  });

  it.each<[() => unknown, string]>([
    [() => scaleRate(undefined as never), 'scaleRate: options must be an object, e.g. scaleRate({factor: 0.1}), got undefined.'], // prettier-ignore
    [() => scaleRate({factor: 1, by: 2} as never), "scaleRate: there is no option 'by'. Options: factor."],
    [() => matchUpdateRatio({ratio: 1} as never), "matchUpdateRatio: there is no option 'ratio'. Options: target."], // prettier-ignore
    [() => retuneRate(1 as never), 'retuneRate: options must be an object, e.g. retuneRate({target: 0.001}), got the number 1.'], // prettier-ignore
    [() => limitUpdateRatio({max: 1} as never), "limitUpdateRatio: there is no option 'max'. Options: limit, target."], // prettier-ignore
  ])('is checked for its kind: %#', (call, message) => {
    expect(call).toThrow(new TypeError(message));
  });
});
