import {type Capture, requireOptions, requireSchedule, type Selector} from '@gradwire/core';
import {selectParameters} from './selectParameters.js';
import {statisticsTable, type StatsOptions, statsOptions} from './statisticsTable.js';

/** Options of {@link weightStats}. */
export interface WeightStatsOptions extends StatsOptions {
  /** Which parameters; default all. */
  readonly parameters?: Selector;
}

/**
 * Statistics of every trained parameter after the update.
 *
 *     mean = Σw/n,  std = √(Σ(w − mean)²/n),  meanAbs = Σ|w|/n,  norm = √Σw²,  maxAbs = max|w|,
 *     min, max,  zeros = #{w = 0}/n,  below = #{|w| < below}/n,  q0.5 = median, …
 *
 * The `capture` event has `values[parameter]` with these numbers.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @throws RangeError if `below` or one of `quantiles` is out of range.
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
  const known = {...statsOptions, parameters: "'**/kernel'"};
  const {when, parameters, ...columns} = requireOptions('weightStats', options, known);
  const table = statisticsTable('weightStats', columns);
  const {pick, check} = selectParameters('weightStats', parameters);
  return Object.freeze<Capture>({
    name: 'weightStats',
    when: requireSchedule('weightStats', 'when', when),
    check,
    measure: ({weightsAfter}) => table(pick(weightsAfter)),
  });
}
