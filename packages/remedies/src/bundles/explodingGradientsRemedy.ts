import {clipByGlobalNorm} from '@gradwire/clipping';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {reinitializeLayers} from '../treatments/reinitializeLayers.js';
import {retuneRate} from '../treatments/retuneRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Draws all layers anew, clips the joint norm of the gradients at 1, and looks whether the rate still fits. Once in a run.
 *
 *     onAlert('explodingGradients', [reinitializeLayers({layers: 'all'}), useTransform(clipByGlobalNorm({maxNorm: 1})), retuneRate()], {undo: true, times: 1})
 *
 * Gradients that grow from the last layer to the first show weights that are too large; clipping bounds what single steps can break
 * meanwhile, and keeps the gradient's direction.
 *
 * Not late in a long training, nor with weights that are loaded: what was learnt is lost. There `onAlert('explodingGradients',
 * useTransform(clipByGlobalNorm({maxNorm: 1})))` is the milder one. A `clipByGlobalNorm` of your own is replaced by this one.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 1 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {explodingGradientsRemedy} from '@gradwire/remedies';
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
 *   remedies: [explodingGradientsRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Pascanu, Mikolov, Bengio (2013), "On the difficulty of training recurrent neural networks", arXiv:1211.5063.
 */
export function explodingGradientsRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [
    reinitializeLayers({layers: 'all'}),
    useTransform(clipByGlobalNorm({maxNorm: 1})),
    retuneRate(),
  ];
  return respond('explodingGradientsRemedy', ['explodingGradients'], treatments, options, {
    undo: true,
    times: 1,
  });
}
