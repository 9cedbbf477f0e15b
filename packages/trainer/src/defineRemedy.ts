import type {RemedySource} from './remedy.js';
import {requireRemedy} from './requireRemedy.js';

/**
 * Bundles transforms, captures, consumers, initialisation and schedule under one name: what a third party publishes.
 *
 * @param remedy the parts, or a function of the trainer's services (`seed`, `model`, `stop`, …) that returns them.
 * @throws TypeError if the remedy has no name, or a part of it is unknown or of a wrong kind.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {createTrainer, defineRemedy} from '@gradwire/trainer';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const clippedNoise = defineRemedy({
 *   name: 'clippedNoise',
 *   transforms: [clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.01})],
 * });
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   remedies: [clippedNoise],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 1});
 * ```
 */
export function defineRemedy<R extends RemedySource>(remedy: R): R {
  if (typeof remedy === 'function') return remedy;
  requireRemedy('defineRemedy', remedy);
  return Object.freeze(remedy);
}
