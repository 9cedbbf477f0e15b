import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {reviveUnits} from '../treatments/reviveUnits.js';

/**
 * Gives dead units new weights: behind a layer that is dead as a whole, nothing gets a gradient.
 *
 *     onAlert('frozenParameters', reviveUnits(), {undo: true})
 *
 * Not a cure for parameters that are not connected to the loss, nor for what stands behind a layer that the user has frozen: there the
 * remedy has nothing to change, and says so. Needs a model with layers.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {frozenParametersRemedy} from '@gradwire/remedies';
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
 *   remedies: [frozenParametersRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Lu et al. (2019), "Dying ReLU and Initialization", arXiv:1903.06733.
 */
export function frozenParametersRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [reviveUnits()];
  return respond('frozenParametersRemedy', ['frozenParameters'], treatments, options, {undo: true});
}
