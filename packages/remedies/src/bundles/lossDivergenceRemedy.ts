import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {resetOptimizer} from '../treatments/resetOptimizer.js';
import {rollBack} from '../treatments/rollBack.js';
import {scaleRate} from '../treatments/scaleRate.js';

/**
 * Goes back to the best weights so far, with three tenths of the learning rate and without the momentum that led away from them.
 *
 *     onAlert('lossDivergence', [rollBack(), scaleRate({factor: 0.3}), resetOptimizer()])
 *
 * The loss is far above where it once was: what has been learnt since is lost anyhow, and a rate that has led there once would do so
 * again. Without `undo` by default.
 *
 * Not where the loss rises because the task changes, as in curricula and with discriminators.
 *
 * @param options as {@link onAlert} has them; here `undo` is false and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {lossDivergenceRemedy} from '@gradwire/remedies';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const trainer = createTrainer({
 *   model: tf.sequential({
 *     layers: [tf.layers.dense({units: 4, activation: 'relu', inputShape: [2]}), tf.layers.dense({units: 1})],
 *   }),
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: diagnosisCaptures({when: every(10)}),
 *   consumers: [diagnosis()],
 *   remedies: [lossDivergenceRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Bengio (2012), "Practical Recommendations for Gradient-Based Training of Deep Architectures", arXiv:1206.5533: where training diverges, a rate 3 times smaller.
 */
export function lossDivergenceRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [rollBack(), scaleRate({factor: 0.3}), resetOptimizer()];
  return respond('lossDivergenceRemedy', ['lossDivergence'], treatments, options);
}
