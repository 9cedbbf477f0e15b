import type {GradientOptimizer} from '@gradwire/core';
import {averagesOf} from './averagesOf.js';

/**
 * Gives the weights the values of their averages, those of {@link averageWeights}, for good: the final model.
 *
 * The averages stay as they are, so that training can go on from here.
 *
 * Batch normalisation: its moving mean and variance are no parameters, so they are not averaged, and go on belonging to the
 * trained weights. After averages over a long way (SWA) they have to be estimated again, by forward passes over the training
 * data in training mode; for moving averages over few steps they are close. There is no function for that here (PyTorch has
 * `update_bn`).
 *
 * @param optimizer one made with `transformGradients(…, averageWeights())`, or a trainer's; it may be wrapped again.
 * @throws TypeError if `optimizer` is no GradientOptimizer.
 * @throws Error if it averages nothing, or has taken no weights yet.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {assignAveragedWeights, averageWeights} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(0), true, 'assignAveragedWeightsExample');
 * const optimizer = transformGradients(tf.train.sgd(1), averageWeights({from: 1}));
 * for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.mul(-1, w) as tf.Scalar);
 * assignAveragedWeights(optimizer);
 * w.print(); // (2 + 3) / 2 = 2.5
 * ```
 */
export function assignAveragedWeights(optimizer: GradientOptimizer): void {
  const averages = averagesOf('assignAveragedWeights', optimizer);
  if (averages.length === 0) {
    throw new Error('assignAveragedWeights: no weights have been averaged yet.');
  }
  for (const {variable, average} of averages) variable.assign(average);
}
