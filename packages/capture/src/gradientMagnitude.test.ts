import {every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {gradientMagnitude} from './gradientMagnitude.js';

useCpu();

testCapture({factory: gradientMagnitude, options: {when: every(1)}});

it('sums the sizes of entries, and divides by the sum of the shape', async () => {
  const rawGradients = {
    kernel: tf.tensor2d([
      [1, -2, 3],
      [0, -4, 0],
    ]),
    bias: tf.tensor1d([-1, 1]),
    scale: tf.scalar(-7),
  };
  const ctx = captureContext({rawGradients, gradients: {kernel: tf.zeros([2, 3])}});
  const {values} = await readMeasurements(gradientMagnitude({when: every(1)}).measure(ctx));
  expect(values).toEqual({
    kernel: {sumAbs: expect.closeTo(10, 5), sumAbsPerShape: expect.closeTo(2, 5)},
    bias: {sumAbs: 2, sumAbsPerShape: 1},
    scale: {sumAbs: 7, sumAbsPerShape: 7},
  });
});

it('measures the selected parameters only', async () => {
  const ctx = captureContext({gradients: {'a/kernel': tf.ones([2]), 'a/bias': tf.ones([2])}});
  const capture = gradientMagnitude({when: every(1), parameters: '**/kernel'});
  expect(Object.keys((await readMeasurements(capture.measure(ctx))).values)).toEqual(['a/kernel']);
});
