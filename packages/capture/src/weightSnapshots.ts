import {
  type Capture,
  requireOptions,
  requireSchedule,
  type Selector,
  type StepSchedule,
} from '@gradwire/core';
import {copyOfEach} from './copyOfEach.js';
import {selectParameters} from './selectParameters.js';

/** Options of {@link weightSnapshots}. */
export interface WeightSnapshotsOptions {
  /** The steps to measure at, e.g. `everyEpoch()`. */
  readonly when: StepSchedule;
  /** Which parameters; default all. */
  readonly parameters?: Selector;
}

/**
 * Full copies of the weights, the first before any update and the last after all.
 *
 * The `capture` event at step s has `arrays[parameter].values`, row by row: the weights after s updates, which is before the update
 * of that step. One more event comes at the end of the run. So 100 epochs with `everyEpoch()` give 101 snapshots, as the
 * `WeightCapture` callback of Brownlee's tutorial does. Shapes stand in the `runBegin` event. A snapshot has 4 bytes for each weight.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {weightSnapshots} from '@gradwire/capture';
 * import {everyEpoch} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const zeros = {kernelInitializer: 'zeros', useBias: false} as const;
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1], ...zeros, name: 'slope'})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError', // (w − 1)²
 *   optimizer: tf.train.sgd(0.25),
 *   captures: [weightSnapshots({when: everyEpoch()})],
 * });
 * const weights: number[] = [];
 * trainer.events$.pipe(ofType('capture')).subscribe(({arrays}) => {
 *   weights.push(...(arrays['slope/kernel']?.values ?? []));
 * });
 * await trainer.fit({x: tf.ones([1, 1]), y: tf.ones([1, 1])}, {epochs: 3});
 * console.log(weights); // [0, 0.5, 0.75, 0.875]
 * ```
 */
export function weightSnapshots(options: WeightSnapshotsOptions): Capture {
  const known = {when: 'everyEpoch()', parameters: "'**/kernel'"};
  const {when, parameters} = requireOptions('weightSnapshots', options, known);
  const {pick, check} = selectParameters('weightSnapshots', parameters);
  return Object.freeze<Capture>({
    name: 'weightSnapshots',
    when: requireSchedule('weightSnapshots', 'when', when),
    check,
    measure: ({weightsBefore}) => copyOfEach(pick(weightsBefore)),
    finish: ({weights}) => copyOfEach(pick(weights)),
  });
}
