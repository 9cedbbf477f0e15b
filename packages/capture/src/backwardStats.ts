import {type Capture, type LayerSelector, requireOptions, requireSchedule} from '@gradwire/core';
import {asFloats} from './asFloats.js';
import {selectLayers} from './selectLayers.js';
import {statisticsTable, type StatsOptions, statsOptions} from './statisticsTable.js';

/** Options of {@link backwardStats}. */
export interface BackwardStatsOptions extends StatsOptions {
  /** Which layers; default all. */
  readonly layers?: LayerSelector;
}

/**
 * Statistics of the signal that flows back: the gradient of the loss by what every layer returns, ∂L/∂a.
 *
 *     mean = Σ∂a/n,  std = √(Σ(∂a − mean)²/n),  meanAbs = Σ|∂a|/n,  norm = √Σ∂a²,  maxAbs = max|∂a|,
 *     min, max,  zeros = #{∂a = 0}/n,  below = #{|∂a| < below}/n,  q0.5 = median, …
 *
 * The `capture` event has `values[layer]` with these numbers, over samples and units alike; where a layer is called again in a step,
 * that is `layer#2`. Left out where no gradient flows. It shows the same whether or not a layer has parameters, and does not
 * grow with the inputs as the gradient of a kernel does.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @throws RangeError if `below` or one of `quantiles` is out of range.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {backwardStats} from '@gradwire/capture';
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
 *   captures: [backwardStats({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({step, values}) => console.log(step, values['hidden']));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function backwardStats(options: BackwardStatsOptions): Capture {
  const known = {...statsOptions, layers: "'dense_*'"};
  const {when, layers, ...columns} = requireOptions('backwardStats', options, known);
  const table = statisticsTable('backwardStats', columns);
  const selected = selectLayers('backwardStats', layers);
  return Object.freeze<Capture>({
    name: 'backwardStats',
    when: requireSchedule('backwardStats', 'when', when),
    activationGradients: selected.layers,
    check: selected.check,
    measure: (ctx) => table(asFloats(selected.pick(ctx.activationGradients, ctx.layers))),
  });
}
