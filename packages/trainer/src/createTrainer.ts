import {Container} from 'inversify';
import {captureModule, consumerModule, remedyModule, trainerModule, transformModule} from './modules.js';
import {requireLists} from './requireKinds.js';
import {requireTrainerOptions} from './requireTrainerOptions.js';
import {Trainer} from './trainer.js';
import type {TrainerOptions} from './trainerOptions.js';

/**
 * Composes a trainer: model, loss and optimizer, and the parts that change or watch the training.
 *
 * Sugar over an injection container: `container.load(trainerModule(…), transformModule(…), …)`, then
 * `container.get(Trainer)`.
 *
 * @param options the parts. The optimizer belongs to the trainer from now on; the model stays yours.
 * @throws TypeError or RangeError that names the option that does not fit, before anything runs.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {createTrainer} from '@gradwire/trainer';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   seed: 42,
 *   transforms: [clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.3})],
 * });
 * const {history} = await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 3});
 * console.log(history.loss.length); // 3
 * ```
 */
export function createTrainer(options: TrainerOptions): Trainer {
  requireTrainerOptions(options);
  const {transforms = [], captures = [], consumers = [], remedies = [], ...rest} = options;
  requireLists('createTrainer', {transforms, captures, consumers, remedies});
  const container = new Container();
  container.load(
    trainerModule(rest),
    ...transforms.map(transformModule),
    ...captures.map(captureModule),
    ...consumers.map(consumerModule),
    ...remedies.map(remedyModule),
  );
  return container.get(Trainer);
}
