import {type Capture, globalNorm, requireOptions, requireSchedule, type StepSchedule} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link chainNorms}. */
export interface ChainNormsOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
}

/**
 * The joint L2 norm of all gradients at every stage of the chain: what each transform does to their size.
 *
 *     norm = ‖(g₁, …, gₙ)‖₂
 *
 * The `capture` event has `values[stage].norm`, in the order of the chain: first `raw`, the gradients as
 * backpropagation gave them, then those after each transform, by its name. Where a name occurs again, `#2`, `#3`, …
 * is appended. Parameters without a gradient count for nothing.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or `when` is not a step schedule.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {chainNorms} from '@gradwire/capture';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const zeros = {kernelInitializer: 'zeros', biasInitializer: 'zeros'} as const;
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], ...zeros})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   transforms: [clipByGlobalNorm({maxNorm: 1})],
 *   captures: [chainNorms({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({values: {raw, clipByGlobalNorm}}) => {
 *   console.log(`${raw?.norm?.toFixed(1)} → ${clipByGlobalNorm?.norm?.toFixed(1)} by clipByGlobalNorm`);
 * }); // 3.5 → 1.0 by clipByGlobalNorm
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 1});
 * ```
 */
export function chainNorms(options: ChainNormsOptions): Capture {
  const {when} = requireOptions('chainNorms', options, {when: 'every(10)'});
  return Object.freeze<Capture>({
    name: 'chainNorms',
    when: requireSchedule('chainNorms', 'when', when),
    measure: ({stages}) => ({
      subjects: stages.map(({name}) => name),
      quantities: ['norm'],
      values: tf.stack(stages.map(({gradients}) => tf.reshape(globalNorm(gradients), [1]))),
    }),
  });
}
