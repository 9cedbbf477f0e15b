import {type CaptureSubjects, every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {gradientStats, type GradientStatsOptions} from './gradientStats.js';

useCpu();

const when = every(1);

testCapture({factory: gradientStats, options: {when}});

async function measured(
  options: Omit<GradientStatsOptions, 'when'>,
  parts: Parameters<typeof captureContext>[0],
) {
  const {values} = await readMeasurements(gradientStats({when, ...options}).measure(captureContext(parts)));
  return values;
}

const subjects = (): CaptureSubjects => ({
  parameters: {'dense/kernel': tf.zeros([2, 3]), 'dense/bias': tf.zeros([3])},
  layers: [],
  stages: ['raw', 'clipByGlobalNorm'],
});

describe('gradientStats', () => {
  it('measures these numbers', async () => {
    expect(
      await measured(
        {},
        {
          gradients: {
            w: tf.tensor2d([
              [3, 0],
              [-4, 1],
            ]),
          },
        },
      ),
    ).toEqual({
      w: {
        mean: 0,
        std: expect.closeTo(Math.sqrt(26) / 2, 6),
        meanAbs: 2,
        norm: expect.closeTo(Math.sqrt(26), 5),
        maxAbs: 4,
        min: -4,
        max: 3,
        zeros: 0.25,
      },
    });
  });

  it('measures the share of small entries and quantiles when it is told to', async () => {
    const {w} = await measured(
      {below: 0.5, quantiles: [0.25, 0.5, 0.25]},
      {gradients: {w: tf.tensor1d([-1, 0.25, 0, 3, 0.5])}},
    );
    expect(Object.keys(w!).slice(-3)).toEqual(['below', 'q0.25', 'q0.5']);
    expect(w).toMatchObject({below: expect.closeTo(0.4, 6), 'q0.25': 0, 'q0.5': 0.25});
  });

  it('measures every parameter that has a gradient, and no other', async () => {
    const gradients = {a: tf.ones([2, 3]), b: tf.scalar(1)};
    const weightsAfter = {...gradients, frozen: tf.ones([2])};
    expect(Object.keys(await measured({}, {gradients, weightsAfter}))).toEqual(['a', 'b']);
    expect(await measured({}, {gradients: {}})).toEqual({});
  });

  it('measures the selected parameters only', async () => {
    const gradients = {'a/kernel': tf.scalar(1), 'a/bias': tf.scalar(1)};
    expect(Object.keys(await measured({parameters: '**/bias'}, {gradients}))).toEqual(['a/bias']);
  });

  it.each([
    ['raw', 1],
    ['clip', 2],
    ['noise', 3],
    ['final', 3],
  ])('measures the stage %s', async (stage, norm) => {
    const [raw, clip, noise] = [1, 2, 3].map((value) => ({w: tf.scalar(value)}));
    const stages = Object.entries({raw, clip, noise}).map(([name, gradients]) => ({
      name,
      gradients: gradients!,
    }));
    const parts = {stages, rawGradients: raw!, gradients: noise!};
    expect((await measured({stage}, parts))['w']!['norm']).toBe(norm);
  });

  it('is named after its stage', () => {
    const names = [undefined, 'raw', 'final', 'noise#2'].map(
      (stage) => gradientStats({when, ...(stage === undefined ? {} : {stage})}).name,
    );
    expect(names).toEqual(['gradientStats', 'gradientStats', 'gradientStats/final', 'gradientStats/noise#2']);
  });
});

describe('before a run, gradientStats', () => {
  it.each([{}, {stage: 'final'}, {stage: 'clipByGlobalNorm'}, {parameters: /bias/}])(
    'accepts %j',
    (options) => {
      expect(() => gradientStats({when, ...options}).check!(subjects())).not.toThrow();
    },
  );

  it('refuses a stage that there is not, and lists those that there are', () => {
    expect(() => gradientStats({when, stage: 'clip'}).check!(subjects())).toThrow(
      new Error("gradientStats: there is no stage 'clip'. Stages: raw, clipByGlobalNorm, final."),
    );
  });

  it('refuses a selector that matches nothing, and lists near names', () => {
    expect(() => gradientStats({when, parameters: 'dens/*'}).check!(subjects())).toThrow(
      /^gradientStats: the selector dens\/\* matches no parameter\. Nearest of 2: dense\//,
    );
  });
});

describe('gradientStats rejects', () => {
  it.each<[string, unknown, string]>([
    [
      'nothing',
      undefined,
      "options must be an object, e.g. gradientStats({when: every(10), below: 1e-7, quantiles: [0.05, 0.95], parameters: '**/kernel', stage: 'raw'}), got undefined.",
    ],
    [
      'an unknown option',
      {When: when},
      "there is no option 'When'. Options: when, below, quantiles, parameters, stage.",
    ],
    ['no schedule', {}, 'when must be a step schedule, e.g. every(10), got undefined.'],
    [
      'a schedule that was not called',
      {when: every},
      'when must be a step schedule, e.g. every(10), got the function every. Was it not called?',
    ],
    [
      'a list of selectors',
      {when, parameters: ['a']},
      'parameters must be a glob, a RegExp or a function, got a list of 1.',
    ],
    [
      'no name of a stage',
      {when, stage: 1},
      "stage must be 'raw', 'final' or the name of a transform, got the number 1.",
    ],
    ['a threshold of 0', {when, below: 0}, 'below must be > 0, got 0.'],
    ['one quantile', {when, quantiles: 0.5}, 'quantiles must be a list, got the number 0.5.'],
    ['a percentile', {when, quantiles: [0.5, 95]}, 'quantiles must be between 0 and 1, got 95.'],
    [
      'a quantile that is none',
      {when, quantiles: ['0.5']},
      "quantiles must be between 0 and 1, got the string '0.5'.",
    ],
  ])('%s', (_name, options, message) => {
    expect(() => gradientStats(options as GradientStatsOptions)).toThrow(`gradientStats: ${message}`);
  });
});
