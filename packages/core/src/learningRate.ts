import type * as tf from '@tensorflow/tfjs-core';
import {requireNonNegative} from './require.js';
import {requireOptimizer} from './requireOptimizer.js';

interface WithRate {
  learningRate?: unknown;
  setLearningRate?: (rate: number) => void;
}

/**
 * Changes the learning rate of any `tf.train` optimizer, or of the one inside a `GradientOptimizer`, from the next
 * step on.
 *
 * tfjs has two ways: SGD and Momentum ignore their `learningRate` property and need a method; Adam, Adamax,
 * RMSProp, Adagrad and Adadelta have only the property. This function is right for all of them.
 *
 * @param optimizer the optimizer to change.
 * @param rate the new rate, >= 0.
 * @throws RangeError if `rate` is negative or not finite.
 * @throws TypeError if `optimizer` is none, or has no learning rate.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {getLearningRate, setLearningRate} from '@gradwire/core';
 *
 * const optimizer = tf.train.momentum(0.1, 0.9);
 * setLearningRate(optimizer, 0.01);
 * console.log(getLearningRate(optimizer)); // 0.01
 * ```
 */
export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  requireOptimizer('setLearningRate', optimizer);
  requireNonNegative('setLearningRate', {rate});
  const target = optimizer as WithRate;
  if (typeof target.setLearningRate === 'function') target.setLearningRate(rate);
  else if (typeof target.learningRate === 'number') target.learningRate = rate;
  else throw new TypeError(`setLearningRate: ${optimizer.getClassName()} has no learning rate.`);
}

/**
 * The current learning rate of any `tf.train` optimizer, or of the one inside a `GradientOptimizer`.
 *
 * @param optimizer the optimizer to ask.
 * @throws TypeError if `optimizer` is none, or has no learning rate.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {getLearningRate} from '@gradwire/core';
 *
 * console.log(getLearningRate(tf.train.adam(0.001))); // 0.001
 * ```
 */
export function getLearningRate(optimizer: tf.Optimizer): number {
  requireOptimizer('getLearningRate', optimizer);
  const rate = (optimizer as WithRate).learningRate;
  if (typeof rate !== 'number') {
    throw new TypeError(`getLearningRate: ${optimizer.getClassName()} has no learning rate.`);
  }
  return rate;
}
