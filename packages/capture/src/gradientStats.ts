import {
  type Capture,
  type CaptureContext,
  requireOptions,
  requireSchedule,
  type Selector,
} from '@gradwire/core';
import {gradientStage} from './gradientStage.js';
import {selectParameters} from './selectParameters.js';
import {statisticsTable, type StatsOptions, statsOptions} from './statisticsTable.js';

/** Options of {@link gradientStats}. */
export interface GradientStatsOptions extends StatsOptions {
  /** Which parameters; default all. */
  readonly parameters?: Selector;
  /**
   * Where in the chain: `'raw'`, as backpropagation gave them; `'final'`, as the optimizer gets them; or the name of a
   * transform, after that; default `'raw'`.
   */
  readonly stage?: string;
}

/**
 * Statistics of every parameter's gradient.
 *
 *     mean = Σg/n,  std = √(Σ(g − mean)²/n),  meanAbs = Σ|g|/n,  norm = √Σg²,  maxAbs = max|g|,
 *     min, max,  zeros = #{g = 0}/n,  below = #{|g| < below}/n,  q0.5 = median, …
 *
 * The `capture` event has `values[parameter]` with these numbers. A parameter without a gradient is left out. The capture is
 * named `gradientStats`, or `gradientStats/${stage}` for another stage than `raw`, so that several can stand side by side.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @throws RangeError if `below` or one of `quantiles` is out of range.
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
 *   captures: [gradientStats({when: every(10), parameters: '**\/kernel'})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({step, values}) => console.log(step, values['out/kernel']));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function gradientStats(options: GradientStatsOptions): Capture {
  const known = {...statsOptions, parameters: "'**/kernel'", stage: "'raw'"};
  const {when, parameters, stage = 'raw', ...columns} = requireOptions('gradientStats', options, known);
  const table = statisticsTable('gradientStats', columns);
  const selected = selectParameters('gradientStats', parameters);
  const gradients = gradientStage('gradientStats', stage);
  return Object.freeze<Capture>({
    name: `gradientStats${gradients.suffix}`,
    when: requireSchedule('gradientStats', 'when', when),
    check(subjects) {
      selected.check(subjects);
      gradients.check(subjects);
    },
    measure: (ctx: CaptureContext) => table(selected.pick(gradients.of(ctx))),
  });
}
