import {zeroNonFinite} from '@gradwire/clipping';
import type {Remedy} from '@gradwire/trainer';
import {type OnAlertOptions, respond} from '../onAlert.js';
import {rollBack} from '../treatments/rollBack.js';
import {scaleRate} from '../treatments/scaleRate.js';
import {useTransform} from '../treatments/useTransform.js';

/**
 * Goes back to the best weights so far, takes a tenth of the learning rate, and drops entries of gradients that are not finite.
 *
 *     onAlert(['nonFinite', 'nonFiniteLoss'], [rollBack(), useTransform(zeroNonFinite()), scaleRate({factor: 0.1})], {times: 8})
 *
 * Answers `nonFinite`, and the trainer's own `nonFiniteLoss`, which would end the run otherwise: the batch is skipped and the run goes
 * on. NaN in a weight stays there, so that only older weights help; a smaller rate keeps a loss that overflowed from doing so again,
 * and `zeroNonFinite` passes over gradients such as that of √0. By default up to 8 times in a run and without `undo`, since there is
 * nothing to go back to that would be better.
 *
 * Not where NaN comes with the data: it is then skipped over at the price of the rate, and the data should be mended. Not where the
 * loss is never read (`readLoss`): there `rollBack` knows no better weights. For single bad batches, the transform `skipNonFinite`
 * costs no rate.
 *
 * @param options as {@link onAlert} has them; here `undo` is false and `times` 8 by default.
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {nonFiniteRemedy} from '@gradwire/remedies';
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
 *   remedies: [nonFiniteRemedy({after: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 * @see Micikevicius et al. (2017), "Mixed Precision Training", arXiv:1710.03740, which skips steps that are not finite.
 */
export function nonFiniteRemedy(options: OnAlertOptions = {}): Remedy {
  const treatments = [rollBack(), useTransform(zeroNonFinite()), scaleRate({factor: 0.1})];
  return respond('nonFiniteRemedy', ['nonFinite', 'nonFiniteLoss'], treatments, options, {times: 8});
}
