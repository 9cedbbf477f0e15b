import type * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';
import {GradientOptimizer} from './gradientOptimizer.js';
import type {LearningRateSchedule} from './learningRateSchedule.js';
import {requireOptimizer} from './requireOptimizer.js';

/**
 * Wraps any tfjs optimizer so that its learning rate follows a schedule, in `fit` as in `minimize`.
 *
 *     rate ← schedule(step), before every update
 *
 * Steps are counted as updates, from 0. A plain loop knows no batches, and no epochs unless `epoch` of the result is set: the
 * schedule is told epoch 0 then, and the step as batch. The trainer has an option `schedule`, which needs no wrapper.
 *
 * A schedule is a function, so that it is not saved with a model: a loaded optimizer goes on at the rate that it had.
 *
 * @param optimizer the optimizer to drive; from now on it belongs to the wrapper. One made by {@link transformGradients} is
 *   wrapped as any other.
 * @param schedule the rate of an update.
 * @throws TypeError if `optimizer` is no `tf.Optimizer`, or `schedule` no function.
 * @throws RangeError in a step at which `schedule` gives no rate >= 0.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {scheduleLearningRate} from '@gradwire/core';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * const optimizer = scheduleLearningRate(tf.train.adam(), (step) => 0.1 / Math.sqrt(1 + step));
 * model.compile({loss: 'meanSquaredError', optimizer});
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 4, verbose: 0});
 * console.log(optimizer.learningRate); // 0.05
 * ```
 */
export function scheduleLearningRate(
  optimizer: tf.Optimizer,
  schedule: LearningRateSchedule,
): GradientOptimizer {
  requireOptimizer('scheduleLearningRate', optimizer);
  if (typeof schedule !== 'function') {
    throw new TypeError(
      `scheduleLearningRate: schedule must be a function, e.g. (step) => 0.1 / (1 + step), got ${describeValue(schedule)}.`,
    );
  }
  return new GradientOptimizer(optimizer, [], {schedule});
}
