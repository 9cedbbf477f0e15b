import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
import {describeValue, requireOptions, requireSchedule, type StepSchedule} from '@gradwire/core';
import {defineRemedy, type Remedy} from '@gradwire/trainer';
import {deadUnitsRemedy} from './bundles/deadUnitsRemedy.js';
import {explodingGradientsRemedy} from './bundles/explodingGradientsRemedy.js';
import {frozenParametersRemedy} from './bundles/frozenParametersRemedy.js';
import {gradientSpikeRemedy} from './bundles/gradientSpikeRemedy.js';
import {lossDivergenceRemedy} from './bundles/lossDivergenceRemedy.js';
import {lossPlateauRemedy} from './bundles/lossPlateauRemedy.js';
import {nonFiniteRemedy} from './bundles/nonFiniteRemedy.js';
import {oscillationRemedy} from './bundles/oscillationRemedy.js';
import {overfittingRemedy} from './bundles/overfittingRemedy.js';
import {poorInitializationRemedy} from './bundles/poorInitializationRemedy.js';
import {saturatedUnitsRemedy} from './bundles/saturatedUnitsRemedy.js';
import {updateRatioRemedy} from './bundles/updateRatioRemedy.js';
import {vanishingGradientsRemedy} from './bundles/vanishingGradientsRemedy.js';

/** Options of {@link defaultRemedies}. */
export interface DefaultRemediesOptions {
  /** The steps at which the training is examined, e.g. `every(10)`. */
  readonly when: StepSchedule;
  /** Whether to examine what layers return; `false` for a model that is a function. Default true. */
  readonly layers?: boolean;
}

/**
 * A remedy for each illness that the diagnosis knows, and the diagnosis itself: watches a training, changes what can be changed while it goes
 * on, and takes back what made things worse.
 *
 * | alert | what is done | times |
 * | --- | --- | --- |
 * | `nonFinite`, `nonFiniteLoss` | back to the best weights, non-finite entries dropped, rate × 0.1 | 8 |
 * | `lossDivergence` | back to the best weights, rate × 0.3, optimizer forgets | 3 |
 * | `gradientSpike` | back to the best weights, `clipSpikes` on | 3 |
 * | `deadUnits` | rate brought down and layers drawn anew where a step was too large, else dead units revived | 3, undo |
 * | `frozenParameters` | dead units revived | 3, undo |
 * | `saturatedUnits` | all layers drawn anew, `normalizeByNorm` on, rate looked at | 1, undo |
 * | `poorInitialization` | all layers drawn anew, `normalizeByNorm` on, rate looked at | 1, undo |
 * | `vanishingGradients` | all layers drawn anew, `normalizeByNorm` on, rate looked at | 1, undo |
 * | `explodingGradients` | all layers drawn anew, `clipByGlobalNorm({maxNorm: 1})` on, rate looked at | 1, undo |
 * | `updateRatio` | rate scaled to a ratio of 0.001 | 3, undo |
 * | `lossPlateau` | in turn: constant kernels drawn anew, `normalizeByNorm` on and rate looked at, rate × 5 | 3, undo |
 * | `oscillation` | rate × 0.2, optimizer forgets, `lookahead` on | 3, undo |
 * | `overfitting` | the run ends with the weights of the best epoch | 3 |
 *
 * Each is a remedy of its own, {@link vanishingGradientsRemedy} and so on: take single ones instead, with `diagnosis()` and its captures beside
 * them. Of two alerts at one step, the remedy that comes first in the table acts, the other waits.
 *
 * Drawing layers anew, reviving units and breaking symmetry need a `LayersModel`. For a model that is a function these
 * remedies find nothing to change, and say so in a `failed` event; the others work, with `layers: false`. Wherever layers are drawn anew, what they have
 * learnt is lost: not for models with loaded weights. The rate is scaled on top of a schedule, be it the trainer's or the
 * optimizer's own.
 *
 * What it costs: the captures of `diagnosisCaptures` at each step of `when`; a copy of weights and optimizer while a change waits for its effect, two
 * for each of the three remedies with `rollBack`, and with validation data one for the best epoch.
 *
 * @throws TypeError if `options` is no object or has an unknown key, `when` is no step schedule, or `layers` no boolean.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {every} from '@gradwire/core';
 * import {defaultRemedies} from '@gradwire/remedies';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const sigmoid = {units: 8, activation: 'sigmoid'} as const;
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({...sigmoid, inputShape: [2]}),
 *     tf.layers.dense(sigmoid),
 *     tf.layers.dense({units: 1}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   remedies: defaultRemedies({when: every(10)}),
 * });
 * trainer.events$
 *   .pipe(ofType('remedy'))
 *   .subscribe(({remedy, action, change, effect}) => console.log(remedy, action, change, effect));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function defaultRemedies(options: DefaultRemediesOptions): Remedy[] {
  const known = {when: 'every(10)', layers: 'false'};
  const {when: given, layers = true} = requireOptions('defaultRemedies', options, known);
  const when = requireSchedule('defaultRemedies', 'when', given);
  if (typeof layers !== 'boolean') {
    throw new TypeError(`defaultRemedies: layers must be true or false, got ${describeValue(layers)}.`);
  }
  return [
    defineRemedy({name: 'diagnosis', captures: diagnosisCaptures({when, layers}), consumers: [diagnosis()]}),
    nonFiniteRemedy(),
    lossDivergenceRemedy(),
    gradientSpikeRemedy(),
    deadUnitsRemedy(),
    frozenParametersRemedy(),
    saturatedUnitsRemedy(),
    poorInitializationRemedy(),
    vanishingGradientsRemedy(),
    explodingGradientsRemedy(),
    updateRatioRemedy(),
    lossPlateauRemedy(),
    oscillationRemedy(),
    overfittingRemedy(),
  ];
}
