import type {Capture, GradientTransform, Initializer, LearningRateSchedule} from '@gradwire/core';
import type {EventConsumer} from './eventConsumer.js';
import type {TrainerServices} from './trainerServices.js';

/** Parts that belong together, under one name. */
export interface Remedy {
  readonly name: string;
  readonly transforms?: readonly GradientTransform[];
  readonly captures?: readonly Capture[];
  readonly consumers?: readonly EventConsumer[];
  /** New initial values for the parameters that a glob matches, set once before the trainer's first step. */
  readonly initialize?: Readonly<Record<string, Initializer>>;
  /** The learning rate of every step. */
  readonly schedule?: LearningRateSchedule;
}

/** A remedy, or a function that makes one out of the trainer's services. */
export type RemedySource = Remedy | ((services: TrainerServices) => Remedy);

/**
 * Bundles transforms, captures, consumers, initialisation and schedule under one name: what a third party publishes.
 *
 * @param remedy the parts, or a function of the trainer's services (`seed`, `model`, `stop`, …) that returns them.
 * @throws TypeError if the remedy has no name.
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
  if (typeof remedy.name !== 'string' || remedy.name === '') {
    throw new TypeError(`defineRemedy: name must be a non-empty string, got ${String(remedy.name)}.`);
  }
  return Object.freeze(remedy);
}
