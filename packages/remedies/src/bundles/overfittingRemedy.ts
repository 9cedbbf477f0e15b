import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {stopAtBest} from '../treatments/stopAtBest.js';

/**
 * Ends the run with the weights of the epoch with the lowest `val_loss`.
 *
 *     onAlert('overfitting', stopAtBest())
 *
 * Needs validation data. Once the alert comes, more epochs would make the validation loss worse. `fit` then returns with the reason
 * `stopped`.
 *
 * Not where training on pays in the end although the validation loss rises for long (grokking, double descent), and not together with
 * `earlyStopping`, which has its own idea of the best epoch.
 *
 * @param options as {@link onAlert} has them; here `undo` is false and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {overfittingRemedy} from '@gradwire/remedies';
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
 *   remedies: [overfittingRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Prechelt (1998), "Early Stopping – But When?"; Nakkiran et al. (2019), "Deep Double Descent", arXiv:1912.02292.
 */
export function overfittingRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [stopAtBest()];
  return respond('overfittingRemedy', ['overfitting'], treatments, options);
}
