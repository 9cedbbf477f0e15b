import type {CaptureContext, NamedTensors} from '@gradwire/core';
import {every} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {gradientStats, type GradientStatsOptions} from './gradientStats.js';
import {weightStats} from './weightStats.js';

/** The slow twin: downloads everything and computes in float64 by the plainest means. */
function statsByHand(values: readonly number[]): Record<string, number> {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  return {
    mean,
    std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n),
    norm: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)),
    min: Math.min(...values),
    max: Math.max(...values),
    zeros: values.filter((v) => v === 0).length / n,
  };
}

function context(rawGradients: NamedTensors, weightsAfter: NamedTensors): CaptureContext {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    stages: [{name: 'raw', gradients: rawGradients}],
    rawGradients,
    gradients: rawGradients,
    weightsBefore: weightsAfter,
    weightsAfter,
    loss: tf.scalar(0),
  };
}

function read(measured: Readonly<Record<string, NamedTensors>>, name: string): Record<string, number> {
  return Object.fromEntries(Object.entries(measured[name]!).map(([key, t]) => [key, t.dataSync()[0]!]));
}

describe('gradientStats and weightStats', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('agree with a slow twin that downloads the tensor', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.double({min: -1e3, max: 1e3, noNaN: true})), {
          minLength: 1,
          maxLength: 60,
        }),
        (values) => {
          const rounded = values.map(Math.fround);
          const tensor = tf.tensor1d(rounded);
          const expected = statsByHand(rounded);
          const {measure} = gradientStats({when: every(1)});
          const measured = read(measure(context({w: tensor}, {})), 'w');
          const size = Math.max(1, ...rounded.map(Math.abs));
          for (const [key, value] of Object.entries(expected)) {
            expect(Math.abs(measured[key]! - value), key).toBeLessThanOrEqual(
              2e-5 * size * Math.sqrt(rounded.length),
            );
          }
        },
      ),
    );
  });

  it('measures norm and deviation of gradients whose squares leave the range of float32', () => {
    const {measure} = gradientStats({when: every(1)});
    const measured = measure(context({big: tf.fill([4], 1e30), small: tf.fill([4], 1e-30)}, {}));
    expect(read(measured, 'big')['norm']! / 2e30).toBeCloseTo(1, 5);
    expect(read(measured, 'small')['norm']! / 2e-30).toBeCloseTo(1, 5);
    const spread = measure(context({big: tf.tensor1d([1e30, -1e30])}, {}));
    expect(read(spread, 'big')['std']! / 1e30).toBeCloseTo(1, 5);
  });

  it('measures every parameter that has a gradient, and no other', () => {
    const {measure} = gradientStats({when: every(1)});
    const grads = {a: tf.ones([2, 3]), b: tf.scalar(1)};
    expect(Object.keys(measure(context(grads, {...grads, frozen: tf.ones([2])})))).toEqual(['a', 'b']);
  });

  it('weightStats looks at the weights after the update', () => {
    const {measure} = weightStats({when: every(1)});
    expect(read(measure(context({}, {w: tf.tensor1d([0, 3, 4, 0])})), 'w')).toEqual(
      expect.objectContaining({norm: 5, max: 4, min: 0, zeros: 0.5, mean: 1.75}),
    );
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'options must be an object, e.g. $({when: every(10)}), got undefined.'],
    [
      'a schedule',
      every(10),
      'options must be an object, e.g. $({when: every(10)}), got an anonymous function.',
    ],
    ['an unknown option', {When: every(10)}, "there is no option 'When'. Options: when."],
    ['no schedule', {}, 'when must be a step schedule, e.g. every(10), got undefined.'],
    ['a number', {when: 10}, 'when must be a step schedule, e.g. every(10), got the number 10.'],
    [
      'a schedule that was not called',
      {when: every},
      'when must be a step schedule, e.g. every(10), got the function every. Was it not called?',
    ],
  ])('reject %s', (_name, options, message) => {
    for (const stats of [gradientStats, weightStats]) {
      expect(() => stats(options as GradientStatsOptions)).toThrow(
        new TypeError(`${stats.name}: ${message.replace('$', stats.name)}`),
      );
    }
  });

  it('are due when they are told', () => {
    const at = {epoch: 0, batch: 0};
    expect([9, 10, 11].map((step) => gradientStats({when: every(10)}).when(step, at))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
