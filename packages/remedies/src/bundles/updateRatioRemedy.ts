import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {matchUpdateRatio} from '../treatments/matchUpdateRatio.js';

/**
 * Scales the learning rate so that a step changes kernels by about a thousandth of their size.
 *
 *     onAlert('updateRatio', matchUpdateRatio(), {undo: true})
 *
 * Steps of more than a tenth of a kernel's size, or of less than a hundred-thousandth of the largest, show a rate of a wrong order of
 * magnitude; the ratio itself says by how much.
 *
 * Not with a rate that was searched for, and not with optimizers that set their steps by the weights' size themselves (`lamb`,
 * `scaleToWeights`).
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {updateRatioRemedy} from '@gradwire/remedies';
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
 *   remedies: [updateRatioRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Karpathy, notes to CS231n, "Neural Networks Part 3": a ratio of 0.001 is a rule of thumb.
 */
export function updateRatioRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [matchUpdateRatio()];
  return respond('updateRatioRemedy', ['updateRatio'], treatments, options, {undo: true});
}
