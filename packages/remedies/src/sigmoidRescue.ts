import {
  type Initializer,
  type LearningRateSchedule,
  type ParamSpec,
  requireInteger,
  requireOptions,
  requirePositive,
} from '@gradwire/core';
import {normalizeByNorm} from '@gradwire/normalization';
import {defineRemedy, type Remedy} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';

/** Options of {@link sigmoidRescue}. */
export interface SigmoidRescueOptions {
  /** Optimizer updates over which the learning rate falls from `peakRate` to `finalRate`; a whole number >= 1. */
  readonly steps: number;
  /** Learning rate at the first step; > 0, default 0.01. */
  readonly peakRate?: number;
  /** Learning rate from step `steps` on; > 0, default 0.001. */
  readonly finalRate?: number;
}

/**
 * Makes deep networks of sigmoids learn: wider initial weights, gradients of unit norm, and a falling learning rate.
 *
 *     w ~ N(0, 16 / fanIn),  gᵢ ← gᵢ / ‖gᵢ‖₂,  rate = final + (peak − final) · (1 + cos(π · step / steps)) / 2
 *
 * The slope of a sigmoid is at most 1/4, so that a signal, and a gradient on its way back, shrinks in every layer.
 * Four times the deviation of LeCun's initialisation makes up for the slope; unit norms let the lowest layer move as
 * far per step as the highest, whatever is left of its gradient; the large first steps get off the plateau where
 * all outputs are 0.5, the small last ones settle. Kernels only are initialised; the rest applies to every parameter.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {sigmoidRescue} from '@gradwire/remedies';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 5, activation: 'sigmoid', inputShape: [2]}),
 *     tf.layers.dense({units: 1, activation: 'sigmoid'}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'binaryCrossentropy',
 *   optimizer: tf.train.rmsprop(1e-3),
 *   remedies: [sigmoidRescue({steps: 10})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 10});
 * ```
 * @see Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks"; LeCun et
 *   al. (1998), "Efficient BackProp"; Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822;
 *   Loshchilov, Hutter (2017), "SGDR", arXiv:1608.03983.
 */
export function sigmoidRescue(options: SigmoidRescueOptions): Remedy {
  const known = {steps: 1000, peakRate: 0.01, finalRate: 0.001};
  const {steps, peakRate = 0.01, finalRate = 0.001} = requireOptions('sigmoidRescue', options, known);
  requireInteger('sigmoidRescue', {steps}, 1);
  requirePositive('sigmoidRescue', {peakRate, finalRate});
  return defineRemedy({
    name: 'sigmoidRescue',
    initialize: {'**/kernel': wideNormal},
    transforms: [normalizeByNorm()],
    schedule: cosine(steps, peakRate, finalRate),
  });
}

/** tfjs takes seed 0 for no seed. */
const wideNormal: Initializer = ({shape, fanIn}: ParamSpec, seed: number) =>
  tf.randomNormal([...shape], 0, 4 / Math.sqrt(fanIn), 'float32', seed + 1);

function cosine(steps: number, peak: number, final: number): LearningRateSchedule {
  return (step) => final + ((peak - final) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2;
}
