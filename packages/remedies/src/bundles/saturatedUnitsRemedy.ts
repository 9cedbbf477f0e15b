import {normalizeByNorm} from '@gradwire/normalization';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {reinitializeLayers} from '../treatments/reinitializeLayers.js';
import {retuneRate} from '../treatments/retuneRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Draws all layers anew, as suits their activations, brings every gradient to norm 1, and looks whether the rate still fits. Once in a run.
 *
 *     onAlert('saturatedUnits', [reinitializeLayers({layers: 'all'}), useTransform(normalizeByNorm()), retuneRate({target: 3e-3})], {undo: true, times: 1, after: 40})
 *
 * Units of sigmoid or tanh that sit at their bounds for nearly every sample have next to no gradient; their weights are too large, and
 * steps do not bring them back. What layers behind them have learnt, they have learnt of constants.
 *
 * Not where saturation is the aim, as with gates and binary codes.
 *
 * @param options as {@link onAlert} has them; here `undo` is true, `times` 1 and `after` 40 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {saturatedUnitsRemedy} from '@gradwire/remedies';
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
 *   remedies: [saturatedUnitsRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks".
 */
export function saturatedUnitsRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [
    reinitializeLayers({layers: 'all'}),
    useTransform(normalizeByNorm()),
    retuneRate({target: 3e-3}),
  ];
  return respond('saturatedUnitsRemedy', ['saturatedUnits'], treatments, options, {
    undo: true,
    times: 1,
    after: 40,
  });
}
