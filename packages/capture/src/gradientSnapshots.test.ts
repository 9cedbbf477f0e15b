import {every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {gradientSnapshots, type GradientSnapshotsOptions} from './gradientSnapshots.js';

useCpu();

testCapture({factory: gradientSnapshots, options: {when: every(1)}});

it.each<[Omit<GradientSnapshotsOptions, 'when'>, string, Readonly<Record<string, number[]>>]>([
  [{}, 'gradientSnapshots', {w: [1, 2], b: [3]}],
  [{parameters: 'w'}, 'gradientSnapshots', {w: [1, 2]}],
  [{stage: 'final'}, 'gradientSnapshots/final', {w: [0, 1]}],
])('with %j copies the gradients', async (options, name, expected) => {
  const capture = gradientSnapshots({when: every(1), ...options});
  const ctx = captureContext({
    rawGradients: {w: tf.tensor1d([1, 2]), b: tf.scalar(3)},
    gradients: {w: tf.tensor1d([0, 1])},
  });
  const {arrays} = await readMeasurements(capture.measure(ctx));
  const copied = Object.entries(arrays).map(([subject, {values}]) => [subject, [...values!]]);
  expect([capture.name, Object.fromEntries(copied)]).toEqual([name, expected]);
});
