import {filter, type OperatorFunction} from 'rxjs';
import type {TrainingEvent} from '@gradwire/core';

/**
 * Lets only events of the given types pass, and narrows the TypeScript type with them.
 *
 * @param types e.g. `'step'`, `'epochEnd'`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
 * trainer.events$.pipe(ofType('epochEnd')).subscribe(({epoch, logs}) => console.log(epoch, logs.loss));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function ofType<T extends TrainingEvent['type']>(
  ...types: readonly T[]
): OperatorFunction<TrainingEvent, Extract<TrainingEvent, {type: T}>> {
  const wanted = new Set<string>(types);
  return filter((event): event is Extract<TrainingEvent, {type: T}> => wanted.has(event.type));
}
