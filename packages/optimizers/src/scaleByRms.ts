import {type GradientTransform, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireBoolean} from './requireBoolean.js';
import {requireFraction} from './requireFraction.js';
import {squarable} from './squarable.js';

/** The options of {@link scaleByRms}. */
export interface ScaleByRmsOptions {
  /** Decay of the mean of squares; in [0, 1), default 0.99, as in PyTorch. */
  readonly decay?: number;
  /** Keeps the divisor from zero; > 0, default 1e-8. In units of the gradient, or of its square where it is in the root. */
  readonly epsilon?: number;
  /** Whether `epsilon` is added to the square, as in TensorFlow 1 and tfjs, or to the root (default), as in PyTorch and Keras. */
  readonly epsilonInSqrt?: boolean;
  /** What the mean of squares begins with; >= 0, default 0. TensorFlow 1 has 1. */
  readonly initialScale?: number;
  /** Takes the variance for the mean of squares; default false. */
  readonly centered?: boolean;
}

type RmsSlot = Readonly<{
  /** The mean of squares, or the variance where centered; the shape of the parameter. */
  square: tf.Tensor;
  /** The mean of gradients, where centered. */
  mean?: tf.Tensor;
}>;

/**
 * Divides every entry by the root of the mean of its squares.
 *
 *     v ← decay · v + (1 − decay) · g²
 *     g ← g / (√v + epsilon),   with epsilonInSqrt: g / √(v + epsilon)
 *
 * `centered` puts v − m² in the place of v, where m ← decay · m + (1 − decay) · g. That is computed as a variance and not as a
 * difference, so that rounding never makes it negative: v − m² ← decay · (v − m² + (1 − decay) · (g − m)²).
 *
 * Any shapes. A parameter without a gradient keeps its mean. 7 kernels per parameter and step, 10 where centered.
 *
 * @throws RangeError if `decay` is not in [0, 1), `epsilon` is not a positive number or `initialScale` negative.
 * @throws TypeError if `options` is no object or has an unknown key, or `epsilonInSqrt` or `centered` is no boolean.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByRms} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'scaleByRmsExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByRms({decay: 0.75}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // v = g² / 4
 * w.print(); // [0.8, -19.8]
 * ```
 * @see Tieleman, Hinton (2012), Coursera, lecture 6.5; Graves (2013), arXiv:1308.0850, for the centered form.
 */
export function scaleByRms(options: ScaleByRmsOptions = {}): GradientTransform<Slots<RmsSlot>> {
  const known = {decay: 0.99, epsilon: 1e-8, epsilonInSqrt: 'true', initialScale: 1, centered: 'true'};
  const given = requireOptions('scaleByRms', options, known);
  const {decay = 0.99, epsilon = 1e-8, epsilonInSqrt = false, initialScale = 0, centered = false} = given;
  requireFraction('scaleByRms', {decay});
  requirePositive('scaleByRms', {epsilon});
  requireNonNegative('scaleByRms', {initialScale});
  requireBoolean('scaleByRms', {epsilonInSqrt, centered});
  return perParameter<RmsSlot>(
    'scaleByRms',
    {decay, epsilon, epsilonInSqrt, initialScale, centered},
    (param) => ({
      square: tf.fill(param.shape, initialScale),
      ...(centered && {mean: tf.zerosLike(param)}),
    }),
    (raw, slot, constant) => {
      const grad = squarable(raw);
      const difference = slot.mean === undefined ? grad : tf.sub(grad, slot.mean);
      const kept = tf.mul(constant(decay), slot.square);
      const added = slot.mean === undefined ? 1 - decay : decay * (1 - decay);
      const square = tf.add(kept, tf.mul(constant(added), tf.square(difference)));
      const mean = slot.mean && tf.add(slot.mean, tf.mul(constant(1 - decay), difference));
      const divisor = epsilonInSqrt
        ? tf.sqrt(tf.add(square, constant(epsilon)))
        : tf.add(tf.sqrt(square), constant(epsilon));
      return [tf.div(grad, divisor), {square, ...(mean && {mean})}];
    },
  );
}
