import {lookahead} from '@gradwire/optimizers';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {resetOptimizer} from '../treatments/resetOptimizer.js';
import {scaleRate} from '../treatments/scaleRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Takes a fifth of the learning rate, forgets momentum, and averages weights over every few steps.
 *
 *     onAlert('oscillation', [scaleRate({factor: 0.2}), resetOptimizer(), useTransform(lookahead())], {undo: true})
 *
 * A loss that swings about a level shows steps that go from wall to wall of a valley: too large, or carried on by momentum. Lookahead
 * goes only part of the way that some fast steps have gone, and so damps what swings.
 *
 * Not where the swinging is that of small batches: a larger batch, or a schedule that falls at the end, costs less.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {oscillationRemedy} from '@gradwire/remedies';
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
 *   remedies: [oscillationRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Zhang et al. (2019), "Lookahead Optimizer", arXiv:1907.08610.
 */
export function oscillationRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [scaleRate({factor: 0.2}), resetOptimizer(), useTransform(lookahead())];
  return respond('oscillationRemedy', ['oscillation'], treatments, options, {undo: true});
}
