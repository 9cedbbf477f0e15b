import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireFraction} from './requireFraction.js';

/** The options of {@link ema}. */
export interface EmaOptions {
  /** Share of the mean that stays in every step; in [0, 1). */
  readonly decay: number;
}

type EmaSlot = Readonly<{
  /** The shape of the parameter. */
  mean: tf.Tensor;
}>;

/**
 * Puts a running mean in the place of the gradients.
 *
 *     m ← decay · m + (1 − decay) · g,   g ← m
 *
 * Begins at 0 and does not correct for that: the first steps are short. Any shapes. A parameter without a gradient keeps its mean.
 * 3 kernels per parameter and step.
 *
 * @throws RangeError if `decay` is not in [0, 1).
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {ema} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(1), true, 'emaExample');
 * const optimizer = transformGradients(tf.train.sgd(1), ema({decay: 0.75}));
 * optimizer.minimize(() => tf.square(w) as tf.Scalar); // the gradient is 2
 * w.print(); // 0.5
 * ```
 */
export function ema(options: EmaOptions): GradientTransform<Slots<EmaSlot>> {
  const {decay} = requireOptions('ema', options, {decay: 0.9});
  requireFraction('ema', {decay});
  return perParameter<EmaSlot>(
    'ema',
    {decay},
    (param) => ({mean: tf.zerosLike(param)}),
    (grad, slot, constant) => {
      const mean = tf.add(tf.mul(constant(decay), slot.mean), tf.mul(constant(1 - decay), grad));
      return [mean, {mean}];
    },
  );
}
