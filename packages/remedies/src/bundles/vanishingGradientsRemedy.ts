import {normalizeByNorm} from '@gradwire/normalization';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {reinitializeLayers} from '../treatments/reinitializeLayers.js';
import {retuneRate} from '../treatments/retuneRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Draws all layers anew, brings every gradient to norm 1, and looks whether the rate still fits. Once in a run.
 *
 *     onAlert('vanishingGradients', [reinitializeLayers({layers: 'all'}), useTransform(normalizeByNorm()), retuneRate({target: 3e-3})], {undo: true, times: 1})
 *
 * Weights that suit the activations let gradients through; unit norms let the lowest layer move as far per step as the highest,
 * whatever is left of its gradient. The size of the steps then is the rate's alone, so that it is scaled to change kernels by about
 * 0.003 of their size.
 *
 * Not late in a long training, nor with weights that are loaded: what was learnt is lost. Steps of unit norm do not get smaller at a
 * minimum by themselves: give the trainer a schedule that falls.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 1 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {vanishingGradientsRemedy} from '@gradwire/remedies';
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
 *   remedies: [vanishingGradientsRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks"; Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822.
 */
export function vanishingGradientsRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [
    reinitializeLayers({layers: 'all'}),
    useTransform(normalizeByNorm()),
    retuneRate({target: 3e-3}),
  ];
  return respond('vanishingGradientsRemedy', ['vanishingGradients'], treatments, options, {
    undo: true,
    times: 1,
  });
}
