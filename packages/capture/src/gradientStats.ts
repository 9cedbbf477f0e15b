import type {Capture, CaptureContext, StepSchedule} from '@gradwire/core';
import {requireWhen} from './requireWhen.js';
import {statsOfEach} from './tensorStats.js';

/** Options of {@link gradientStats}. */
export interface GradientStatsOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
}

/**
 * Statistics of every parameter's gradient as backpropagation gave it, before any transform.
 *
 *     mean = Σg/n,  std = √(Σ(g − mean)²/n),  norm = √Σg²,  min, max,  zeros = #{g = 0}/n
 *
 * The `capture` event has `values[parameter]` with these six numbers. A parameter without a gradient is left out.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or `when` is not a step schedule.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gradientStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], name: 'out'})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [gradientStats({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({step, values}) => console.log(step, values['out/kernel']));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function gradientStats(options: GradientStatsOptions): Capture {
  const when = requireWhen('gradientStats', options);
  return Object.freeze({
    name: 'gradientStats',
    when,
    measure: ({rawGradients}: CaptureContext) => statsOfEach(rawGradients),
  });
}
