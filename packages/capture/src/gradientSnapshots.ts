import {
  type Capture,
  requireOptions,
  requireSchedule,
  type Selector,
  type StepSchedule,
} from '@gradwire/core';
import {copyOfEach} from './copyOfEach.js';
import {gradientStage} from './gradientStage.js';
import {selectParameters} from './selectParameters.js';

/** Options of {@link gradientSnapshots}. */
export interface GradientSnapshotsOptions {
  /** The steps to measure at, e.g. `everyEpoch()`. */
  readonly when: StepSchedule;
  /** Which parameters; default all. */
  readonly parameters?: Selector;
  /** Where in the chain: `'raw'`, `'final'` or the name of a transform, as in `gradientStats`; default `'raw'`. */
  readonly stage?: string;
}

/**
 * Full copies of the gradients.
 *
 * The `capture` event has `arrays[parameter].values`, row by row; shapes stand in the `runBegin` event. A parameter without a gradient
 * is left out. A snapshot has 4 bytes for each weight. The capture is named `gradientSnapshots`, or `gradientSnapshots/${stage}`
 * for another stage than `raw`.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gradientSnapshots} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const zeros = {kernelInitializer: 'zeros', useBias: false} as const;
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], ...zeros, name: 'kept'})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError', // (0 − 1)²
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [gradientSnapshots({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({arrays}) => {
 *   console.log([...(arrays['kept/kernel']?.values ?? [])]); // [-2, -2]
 * });
 * await trainer.fit({x: tf.ones([1, 2]), y: tf.ones([1, 1])});
 * ```
 */
export function gradientSnapshots(options: GradientSnapshotsOptions): Capture {
  const known = {when: 'everyEpoch()', parameters: "'**/kernel'", stage: "'raw'"};
  const {when, parameters, stage = 'raw'} = requireOptions('gradientSnapshots', options, known);
  const selected = selectParameters('gradientSnapshots', parameters);
  const gradients = gradientStage('gradientSnapshots', stage);
  return Object.freeze<Capture>({
    name: `gradientSnapshots${gradients.suffix}`,
    when: requireSchedule('gradientSnapshots', 'when', when),
    check(subjects) {
      selected.check(subjects);
      gradients.check(subjects);
    },
    measure: (ctx) => copyOfEach(selected.pick(gradients.of(ctx))),
  });
}
