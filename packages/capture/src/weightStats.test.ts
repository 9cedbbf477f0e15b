import {every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {weightStats} from './weightStats.js';

useCpu();

testCapture({factory: weightStats, options: {when: every(1)}});

const context = () =>
  captureContext({
    weightsBefore: {w: tf.ones([4]), b: tf.scalar(1)},
    weightsAfter: {w: tf.tensor1d([0, 3, 4, 0]), b: tf.scalar(2)},
  });

it('measures the weights after the update', async () => {
  const {values} = await readMeasurements(weightStats({when: every(1), below: 3.5}).measure(context()));
  expect(values).toMatchObject({
    w: {mean: 1.75, meanAbs: 1.75, norm: 5, maxAbs: 4, min: 0, max: 4, zeros: 0.5, below: 0.75},
    b: {mean: 2, std: 0, norm: 2},
  });
});

it('measures the selected parameters only', async () => {
  const capture = weightStats({when: every(1), parameters: ({shape}) => shape.length === 0});
  expect(Object.keys((await readMeasurements(capture.measure(context()))).values)).toEqual(['b']);
});
