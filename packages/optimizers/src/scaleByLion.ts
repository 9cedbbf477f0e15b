import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireFraction} from './requireFraction.js';
import {signOf} from './signOf.js';

/** The options of {@link scaleByLion}. */
export interface ScaleByLionOptions {
  /** Share of the mean in what the sign is taken of; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.99. */
  readonly beta2?: number;
}

type LionSlot = Readonly<{
  /** Σ beta2ᵏ · g, which is m / (1 − beta2); the shape of the parameter. */
  sum: tf.Tensor;
}>;

/**
 * Lion's direction: the sign of a mean of gradients.
 *
 *     u = sign(beta1 · m + (1 − beta1) · g),   m ← beta2 · m + (1 − beta2) · g,   g ← u
 *
 * Every entry is −1, 0 or 1: the learning rate alone says how far a step goes. Any shapes. A parameter without a gradient keeps
 * its mean. 5 kernels per parameter and step, 8 where the backend has no joint kernel for signs.
 *
 * @throws RangeError if a beta is not in [0, 1).
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByLion} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'scaleByLionExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByLion());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.9, -19.9]
 * ```
 * @see Chen et al. (2023), "Symbolic Discovery of Optimization Algorithms", arXiv:2302.06675.
 */
export function scaleByLion(options: ScaleByLionOptions = {}): GradientTransform<Slots<LionSlot>> {
  const {beta1 = 0.9, beta2 = 0.99} = requireOptions('scaleByLion', options, {beta1: 0.9, beta2: 0.99});
  requireFraction('scaleByLion', {beta1, beta2});
  // The sign does not change with the scale: g's share is brought to 1, and the mean's to that of its sum.
  const share = (beta1 * (1 - beta2)) / (1 - beta1);
  return perParameter<LionSlot>(
    'scaleByLion',
    {beta1, beta2},
    (param) => ({sum: tf.zerosLike(param)}),
    (grad, {sum}, constant) => {
      const direction = signOf(tf.add(tf.mul(constant(share), sum), grad));
      return [direction, {sum: tf.add(tf.mul(constant(beta2), sum), grad)}];
    },
  );
}
