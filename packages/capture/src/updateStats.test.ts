import {every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {updateStats} from './updateStats.js';

useCpu();

testCapture({factory: updateStats, options: {when: every(1)}});

async function measured(before: number[], after: number[]): Promise<Record<string, number>> {
  const ctx = captureContext({
    weightsBefore: {w: tf.tensor1d(before)},
    weightsAfter: {w: tf.tensor1d(after)},
  });
  return {...(await readMeasurements(updateStats({when: every(1)}).measure(ctx))).values['w']!};
}

it('measures what was added, and how large that is beside the weights', async () => {
  expect(await measured([30, 40], [33, 36])).toEqual({
    mean: -0.5,
    std: 3.5,
    meanAbs: 3.5,
    norm: 5,
    maxAbs: 4,
    min: -4,
    max: 3,
    zeros: 0,
    ratio: expect.closeTo(0.1, 6),
  });
});

it.each([
  ['weights that stay', [1, 2], [1, 2], 0],
  ['zeros that stay', [0, 0], [0, 0], 0],
  ['zeros that move', [0, 0], [0, 1], Infinity],
  ['weights whose squares leave float32', [1e30], [1.5e30], 0.5],
])('the ratio of %s', async (_what, before, after, ratio) => {
  expect((await measured(before, after))['ratio']).toBeCloseTo(ratio, 6);
});

it('measures the selected parameters only, with quantiles', async () => {
  const weightsBefore = {'a/kernel': tf.scalar(2), 'a/bias': tf.scalar(1)};
  const weightsAfter = {'a/kernel': tf.scalar(3), 'a/bias': tf.scalar(1)};
  const capture = updateStats({when: every(1), parameters: '**/kernel', quantiles: [0.5]});
  const {values} = await readMeasurements(capture.measure(captureContext({weightsBefore, weightsAfter})));
  expect(Object.keys(values)).toEqual(['a/kernel']);
  expect(values['a/kernel']).toMatchObject({'q0.5': 1, ratio: 0.5});
});
