import type {Capture, CaptureContext, StepSchedule} from '@gradwire/core';
import {requireWhen} from './requireWhen.js';
import {statsOfEach} from './tensorStats.js';

/** Options of {@link weightStats}. */
export interface WeightStatsOptions {
  /** The steps to measure at, e.g. `everyEpoch()`. */
  readonly when: StepSchedule;
}

/**
 * Statistics of every trained parameter after the update.
 *
 *     mean = Σw/n,  std = √(Σ(w − mean)²/n),  norm = √Σw²,  min, max,  zeros = #{w = 0}/n
 *
 * The `capture` event has `values[parameter]` with these six numbers.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or `when` is not a step schedule.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {weightStats} from '@gradwire/capture';
 * import {everyEpoch} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], name: 'seen'})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [weightStats({when: everyEpoch()})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({epoch, values}) => console.log(epoch, values['seen/kernel']));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function weightStats(options: WeightStatsOptions): Capture {
  const when = requireWhen('weightStats', options);
  return Object.freeze({
    name: 'weightStats',
    when,
    measure: ({weightsAfter}: CaptureContext) => statsOfEach(weightsAfter),
  });
}
