import {type Capture, normOfEach, requireOptions, requireSchedule, type Selector} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {selectParameters} from './selectParameters.js';
import {statisticsTable, type StatsOptions, statsOptions, withColumns} from './statisticsTable.js';
import {weightUpdates} from './weightUpdates.js';

/** Options of {@link updateStats}. */
export interface UpdateStatsOptions extends StatsOptions {
  /** Which parameters; default all. */
  readonly parameters?: Selector;
}

/**
 * Statistics of what each step adds to every parameter, Δw = w after − w before, and how large that is beside the parameter.
 *
 *     mean = ΣΔw/n,  std = √(Σ(Δw − mean)²/n),  meanAbs = Σ|Δw|/n,  norm = √ΣΔw²,  maxAbs = max|Δw|,
 *     min, max,  zeros = #{Δw = 0}/n,  below = #{|Δw| < below}/n,  q0.5 = median, …
 *     ratio = ‖Δw‖₂ / ‖w before‖₂
 *
 * The `capture` event has `values[parameter]` with these numbers. A ratio about 1e-3 is healthy; far less, and the parameter
 * hardly learns, far more, and it is thrown about. Of weights that are all 0, such as new biases, it is Infinity, and 0 where
 * they stay so.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @throws RangeError if `below` or one of `quantiles` is out of range.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {updateStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 1, inputShape: [1], kernelInitializer: 'ones', useBias: false, name: 'scale'})],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError', // (w − 2)², whose gradient is −2
 *   optimizer: tf.train.sgd(0.125),
 *   captures: [updateStats({when: every(10), parameters: '**\/kernel'})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({values}) => {
 *   console.log(values['scale/kernel']?.ratio); // 0.25
 * });
 * await trainer.fit({x: tf.ones([1, 1]), y: tf.fill([1, 1], 2)});
 * ```
 * @see Karpathy, CS231n, "Ratio of weights:updates", https://cs231n.github.io/neural-networks-3/#ratio.
 */
export function updateStats(options: UpdateStatsOptions): Capture {
  const known = {...statsOptions, parameters: "'**/kernel'"};
  const {when, parameters, ...columns} = requireOptions('updateStats', options, known);
  const table = statisticsTable('updateStats', columns);
  const {pick, check} = selectParameters('updateStats', parameters);
  return Object.freeze<Capture>({
    name: 'updateStats',
    when: requireSchedule('updateStats', 'when', when),
    check,
    measure(ctx) {
      const updates = weightUpdates(ctx, pick);
      const [moved, were] = [normOfEach(updates), normOfEach(pick(ctx.weightsBefore))];
      const ratio = tf.where(tf.equal(moved, 0), tf.zerosLike(moved), tf.div(moved, were));
      return withColumns(table(updates), ['ratio'], tf.expandDims(ratio, 1));
    },
  });
}
