import {everyEpoch} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {weightSnapshots} from './weightSnapshots.js';

useCpu();

const when = everyEpoch();

testCapture({factory: weightSnapshots, options: {when}});

it('copies the weights as they are before the update', async () => {
  const ctx = captureContext({
    weightsBefore: {
      w: tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      scale: tf.scalar(5),
    },
    weightsAfter: {w: tf.zeros([2, 2]), scale: tf.scalar(0)},
  });
  expect(await readMeasurements(weightSnapshots({when}).measure(ctx))).toEqual({
    values: {},
    arrays: {w: {values: Float32Array.of(1, 2, 3, 4)}, scale: {values: Float32Array.of(5)}},
  });
});

it('is not changed by what happens to the weights', async () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const measured = weightSnapshots({when}).measure(captureContext({weightsBefore: {w}}));
  w.assign(tf.zeros([2]));
  expect((await readMeasurements(measured)).arrays['w']).toEqual({values: Float32Array.of(1, 2)});
});

it('copies the last weights at the end', async () => {
  const end = {step: 5, epoch: 2, weights: {'a/kernel': tf.scalar(1), 'a/bias': tf.scalar(2)}};
  const {arrays} = await readMeasurements(weightSnapshots({when, parameters: '**/bias'}).finish!(end));
  expect(arrays).toEqual({'a/bias': {values: Float32Array.of(2)}});
});
