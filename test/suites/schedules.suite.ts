import {transformGradients} from '@gradwire/core';
import {averageWeights, findLearningRate, lookahead, withAveragedWeights} from '@gradwire/optimizers';
import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, describe, expect, it} from 'vitest';
import {valuesOf} from './support/values.js';

expect.extend({toBeAllclose});
afterEach(() => tf.disposeVariables());

testTransform({factory: averageWeights, options: {}});
testTransform({
  factory: averageWeights,
  options: {decay: 0.9, from: 1, every: 2},
  name: 'averageWeights with decay',
});
testTransform({factory: lookahead, options: {syncPeriod: 2}});

describe('averages and trained weights', () => {
  it('change places and come back bit for bit', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 1])));
    await expectNoLeaks(async () => {
      const optimizer = transformGradients(tf.train.sgd(0.1), averageWeights());
      for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.sum(w), false, [w]);
      const before = await valuesOf(w);
      expect(await withAveragedWeights(optimizer, () => valuesOf(w))).toBeAllclose([-0.1, 0.8], {atol: 1e-6});
      expect(await valuesOf(w)).toEqual(before);
      optimizer.dispose();
    });
  });
});

describe('findLearningRate', () => {
  it('finds where a bowl becomes unstable, and leaves the weights as they were', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
    await expectNoLeaks(async () => {
      const {rates, losses, suggestion} = await findLearningRate({
        optimizer: () => tf.train.momentum(1, 0),
        loss: () => tf.mul(25, tf.sum(tf.square(w))),
        from: 1e-5,
        to: 1,
      });
      const turn = losses.findIndex((loss, i) => i > 0 && loss > losses[i - 1]!);
      expect(rates[turn - 1]).toBeGreaterThan(2 / 50);
      expect(rates[turn - 2]).toBeLessThanOrEqual(2 / 50);
      expect(suggestion).toBeLessThan(2 / 50);
      expect(await valuesOf(w)).toEqual([1, -2]);
    });
  });
});
