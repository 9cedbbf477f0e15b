import {normalizeByNorm} from '@gradwire/normalization';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {breakSymmetry} from '../treatments/breakSymmetry.js';
import {inTurn} from '../treatments/inTurn.js';
import {retuneRate} from '../treatments/retuneRate.js';
import {scaleRate} from '../treatments/scaleRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Looks for what holds the loss up, one cause after the other: kernels that are constant, gradients that are too small, a rate that is
 * too small.
 *
 *     onAlert('lossPlateau', inTurn(breakSymmetry(), [useTransform(normalizeByNorm()), retuneRate()], scaleRate({factor: 5})), {undo: true})
 *
 * Units whose weights are equal get equal gradients and never differ; such kernels are drawn anew. Where there are none, or at the
 * next alert, gradients get norm 1 at a rate that suits that, which leaves flat regions at the speed of the rate; at last the rate is multiplied by 5.
 *
 * Not where the loss is as low as the task allows: then the changes are kept unless they make things worse, and do nothing good.
 *
 * @param options as {@link onAlert} has them; here `undo` is true and `times` 3 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {lossPlateauRemedy} from '@gradwire/remedies';
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
 *   remedies: [lossPlateauRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822; Smith (2015), "Cyclical Learning Rates", arXiv:1506.01186, on larger rates against plateaus.
 */
export function lossPlateauRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [
    inTurn(breakSymmetry(), [useTransform(normalizeByNorm()), retuneRate()], scaleRate({factor: 5})),
  ];
  return respond('lossPlateauRemedy', ['lossPlateau'], treatments, options, {undo: true});
}
