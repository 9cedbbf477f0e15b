import {type Capture, type LayerSelector, requireOptions, requireSchedule} from '@gradwire/core';
import {asFloats} from './asFloats.js';
import {selectLayers} from './selectLayers.js';
import {statisticsTable, type StatsOptions, statsOptions} from './statisticsTable.js';

/** Options of {@link activationStats}. */
export interface ActivationStatsOptions extends StatsOptions {
  /** Which layers; default all. */
  readonly layers?: LayerSelector;
}

/**
 * Statistics of what every layer returns for the batch.
 *
 *     mean = Σa/n,  std = √(Σ(a − mean)²/n),  meanAbs = Σ|a|/n,  norm = √Σa²,  maxAbs = max|a|,
 *     min, max,  zeros = #{a = 0}/n,  below = #{|a| < below}/n,  q0.5 = median, …
 *
 * The `capture` event has `values[layer]` with these numbers, over samples and units alike; where a layer is called again in a step,
 * that is `layer#2`. Outputs are held until they are measured, in the steps where the capture is due.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @throws RangeError if `below` or one of `quantiles` is out of range.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {activationStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 4, activation: 'relu', inputShape: [2], name: 'hidden'}),
 *     tf.layers.dense({units: 1, name: 'last'}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [activationStats({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({step, values}) => console.log(step, values['hidden']));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function activationStats(options: ActivationStatsOptions): Capture {
  const known = {...statsOptions, layers: "'dense_*'"};
  const {when, layers, ...columns} = requireOptions('activationStats', options, known);
  const table = statisticsTable('activationStats', columns);
  const selected = selectLayers('activationStats', layers);
  return Object.freeze<Capture>({
    name: 'activationStats',
    when: requireSchedule('activationStats', 'when', when),
    activations: selected.layers,
    check: selected.check,
    measure: (ctx) => table(asFloats(selected.pick(ctx.activations, ctx.layers))),
  });
}
