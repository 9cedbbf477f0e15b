import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireBoolean} from './requireBoolean.js';
import {requireMoments} from './requireMoments.js';
import {squarable} from './squarable.js';

/** The options of {@link scaleByAdam}. */
export interface ScaleByAdamOptions {
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
  /** Divides by the largest mean of squares so far (AMSGrad); default false. */
  readonly amsgrad?: boolean;
}

/** Sums, and what the weights in them add up to: the means without their bias are the quotients. */
type AdamSlot = Readonly<{
  /** Σ beta1ᵏ · g; the shape of the parameter. */
  sum: tf.Tensor;
  /** Σ beta2ᵏ · g²; the shape of the parameter. */
  squares: tf.Tensor;
  /** The largest of `squares` so far, for AMSGrad. */
  largest?: tf.Tensor;
  sumWeight: number;
  squaresWeight: number;
}>;

/**
 * Adam's direction: the mean of the gradients over the root of the mean of their squares.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     g ← (m / (1 − beta1ᵗ)) / (√(v / (1 − beta2ᵗ)) + epsilon)
 *
 * With `amsgrad`, the largest v so far takes v's place, as in `torch.optim.Adam`; the authors leave out the correction of its bias.
 * t counts the parameter's own steps: one without a gradient is none. Sums are kept in place of means, with the sum of their
 * weights: fewer operations, and the means stay free of bias when the betas follow a schedule.
 *
 * Any shapes. 9 kernels per parameter and step, 10 with `amsgrad`.
 *
 * @throws RangeError if a beta is not in [0, 1), or `epsilon` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key, or `amsgrad` is no boolean.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByAdam} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'scaleByAdamExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByAdam());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.9, -19.9]
 * ```
 * @see Kingma, Ba (2015), arXiv:1412.6980; Reddi, Kale, Kumar (2018), arXiv:1904.09237, for AMSGrad.
 */
export function scaleByAdam(options: ScaleByAdamOptions = {}): GradientTransform<Slots<AdamSlot>> {
  const known = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, amsgrad: 'true'};
  const given = requireOptions('scaleByAdam', options, known);
  const {beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false} = given;
  requireMoments('scaleByAdam', {beta1, beta2, epsilon});
  requireBoolean('scaleByAdam', {amsgrad});
  return perParameter<AdamSlot>(
    'scaleByAdam',
    {beta1, beta2, epsilon, amsgrad},
    (param) => ({
      sum: tf.zerosLike(param),
      squares: tf.zerosLike(param),
      ...(amsgrad && {largest: tf.zerosLike(param)}),
      sumWeight: 0,
      squaresWeight: 0,
    }),
    (raw, slot, constant) => {
      const grad = squarable(raw);
      const sum = tf.add(tf.mul(constant(beta1), slot.sum), grad);
      const squares = tf.add(tf.mul(constant(beta2), slot.squares), tf.square(grad));
      const largest = slot.largest && tf.maximum(slot.largest, squares);
      const sumWeight = beta1 * slot.sumWeight + 1;
      const squaresWeight = beta2 * slot.squaresWeight + 1;
      // (sum / sumWeight) / (√(squares / squaresWeight) + epsilon), with what is one number for all entries put together.
      const root = Math.sqrt(squaresWeight);
      const quotient = tf.div(sum, tf.add(tf.sqrt(largest ?? squares), constant(epsilon * root)));
      const direction = tf.mul(constant(root / sumWeight), quotient);
      return [direction, {sum, squares, ...(largest && {largest}), sumWeight, squaresWeight}];
    },
  );
}
