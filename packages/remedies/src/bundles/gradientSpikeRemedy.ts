import {clipSpikes} from '@gradwire/clipping';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {rollBack} from '../treatments/rollBack.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Goes back to the best weights so far, and clips gradients from now on whose norm stands out from those before.
 *
 *     onAlert('gradientSpike', [rollBack(), useTransform(clipSpikes())])
 *
 * One gradient of many times the usual norm, such as that of a batch with wrong labels, undoes what many have done. `clipSpikes`
 * compares with running mean and deviation of the norm, so that it needs no level, and passes usual gradients unchanged. Without
 * `undo` by default.
 *
 * Not where large gradients are rare and right, as with rare classes or rewards: these are then learnt from less.
 *
 * @param options as {@link onAlert} has them; here `undo` is false and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {gradientSpikeRemedy} from '@gradwire/remedies';
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
 *   remedies: [gradientSpikeRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Kumar et al. (2025), "ZClip", arXiv:2504.02507; Chowdhery et al. (2022), "PaLM", arXiv:2204.02311, 5.1, which goes back and leaves out the batches of a spike.
 */
export function gradientSpikeRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [rollBack(), useTransform(clipSpikes())];
  return respond('gradientSpikeRemedy', ['gradientSpike'], treatments, options);
}
