import * as tf from '@tensorflow/tfjs';
import * as core from '@tensorflow/tfjs-core';
import {getLearningRate, transformGradients} from '@gradwire/core';
import {expect, it} from 'vitest';

// Two copies of tfjs-core have two engines and two `Tensor` classes, and break in far stranger ways than this.
it('tfjs and tfjs-core are one engine', () => {
  expect(tf.engine()).toBe(core.engine());
  expect(tf.Tensor).toBe(core.Tensor);
});

it("our packages' tfjs-core is that of '@tensorflow/tfjs'", () => {
  const optimizer = transformGradients(tf.train.momentum(0.5, 0.9));
  expect(Object.getPrototypeOf(Object.getPrototypeOf(optimizer))).toBe(tf.Optimizer.prototype);
  expect(getLearningRate(optimizer)).toBe(0.5);
});
