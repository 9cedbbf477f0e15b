import {
  type Capture,
  requireOptions,
  requireSchedule,
  type Selector,
  statisticsOfEach,
  type StepSchedule,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {selectParameters} from './selectParameters.js';

/** Options of {@link gradientMagnitude}. */
export interface GradientMagnitudeOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
  /** Which parameters; default all. */
  readonly parameters?: Selector;
}

/**
 * The sum of every raw gradient's sizes, also as the vanishing-gradient notebook after CS231n plots it.
 *
 *     sumAbs = Σ|g|,  sumAbsPerShape = Σ|g| / Σ shape
 *
 * The `capture` event has `values[parameter]` with these two numbers. The divisor of a kernel [2, 100] is 102, rows plus columns,
 * not 200: an odd measure, of use for comparing with that notebook's figures only; else take `meanAbs` of `gradientStats`. A
 * scalar's divisor is 1. A parameter without a gradient is left out.
 *
 * @throws TypeError if `options` is no object or has an unknown key, or an option is of the wrong type.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gradientMagnitude} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const zeros = {kernelInitializer: 'zeros', useBias: false} as const;
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3], ...zeros, name: 'sum'})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError', // (0 − 1)²; the gradient is −2 three times
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [gradientMagnitude({when: every(10)})],
 * });
 * trainer.events$.pipe(ofType('capture')).subscribe(({values}) => {
 *   console.log(values['sum/kernel']); // {sumAbs: 6, sumAbsPerShape: 1.5}
 * });
 * await trainer.fit({x: tf.ones([1, 3]), y: tf.ones([1, 1])});
 * ```
 */
export function gradientMagnitude(options: GradientMagnitudeOptions): Capture {
  const known = {when: 'every(10)', parameters: "'**/kernel'"};
  const {when, parameters} = requireOptions('gradientMagnitude', options, known);
  const {pick, check} = selectParameters('gradientMagnitude', parameters);
  return Object.freeze<Capture>({
    name: 'gradientMagnitude',
    when: requireSchedule('gradientMagnitude', 'when', when),
    check,
    measure({rawGradients}) {
      const grads = pick(rawGradients);
      const {quantities, values} = statisticsOfEach(grads);
      const list = Object.values(grads);
      const factors = list.flatMap(({size, shape}) => [size, size / Math.max(1, sumOf(shape))]);
      const means = tf.slice(values, [0, quantities.indexOf('meanAbs')], [list.length, 1]);
      return {
        subjects: Object.keys(grads),
        quantities: ['sumAbs', 'sumAbsPerShape'],
        values: tf.mul(means, tf.tensor2d(factors, [list.length, 2])),
      };
    },
  });
}

function sumOf(shape: readonly number[]): number {
  return shape.reduce((sum, length) => sum + length, 0);
}
