import {normalizeByNorm} from '@gradwire/normalization';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {reinitializeLayers} from '../treatments/reinitializeLayers.js';
import {retuneRate} from '../treatments/retuneRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Draws all layers anew, as suits their activations, brings every gradient to norm 1, and looks whether the rate still fits. Once in a run.
 *
 *     onAlert('poorInitialization', [reinitializeLayers({layers: 'all'}), useTransform(normalizeByNorm()), retuneRate({target: 3e-3})], {undo: true, times: 1})
 *
 * A signal that shrinks or grows from layer to layer at the beginning shows weights of a wrong scale, and nothing has been learnt yet
 * that would be lost. Unit norms make the size of steps the rate's alone, so that it can be scaled to the new weights: kernels change by about 0.003 of
 * their size per step.
 *
 * Not for a model whose weights are loaded: the rule can misfire there, and all that was loaded would be lost. `undo` sees only what
 * gets worse within `after` steps.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 1 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {poorInitializationRemedy} from '@gradwire/remedies';
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
 *   remedies: [poorInitializationRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see He et al. (2015), "Delving Deep into Rectifiers", arXiv:1502.01852; Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks".
 */
export function poorInitializationRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [
    reinitializeLayers({layers: 'all'}),
    useTransform(normalizeByNorm()),
    retuneRate({target: 3e-3}),
  ];
  return respond('poorInitializationRemedy', ['poorInitialization'], treatments, options, {
    undo: true,
    times: 1,
  });
}
