import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {inTurn} from '../treatments/inTurn.js';
import {limitUpdateRatio} from '../treatments/limitUpdateRatio.js';
import {reinitializeLayers} from '../treatments/reinitializeLayers.js';
import {reviveUnits} from '../treatments/reviveUnits.js';

/**
 * Gives dead units new weights; where a step was so large that it has killed them, begins anew with a smaller rate.
 *
 *     onAlert('deadUnits', inTurn([limitUpdateRatio(), reinitializeLayers({layers: 'all'})], reviveUnits()), {undo: true})
 *
 * A rectified unit that returns 0 for every sample has no gradient, and does not come back. If some step has changed a kernel by more
 * than a tenth of its size, the rate is brought down to 1 % and all layers are drawn anew, since what that step has broken is more
 * than units; else, or at the next alert, the dead units alone get new weights and a bias of 0.
 *
 * Not where few active units are meant, as in sparse autoencoders. Needs a model with layers.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {deadUnitsRemedy} from '@gradwire/remedies';
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
 *   remedies: [deadUnitsRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Lu et al. (2019), "Dying ReLU and Initialization", arXiv:1903.06733; Sokar et al. (2023), "The Dormant Neuron Phenomenon", arXiv:2302.12902, which draws the incoming weights of dormant units anew.
 */
export function deadUnitsRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [inTurn([limitUpdateRatio(), reinitializeLayers({layers: 'all'})], reviveUnits())];
  return respond('deadUnitsRemedy', ['deadUnits'], treatments, options, {undo: true});
}
