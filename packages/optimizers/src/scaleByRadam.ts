import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireMoments} from './requireMoments.js';
import {squarable} from './squarable.js';

/** The options of {@link scaleByRadam}. */
export interface ScaleByRadamOptions {
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
}

type RadamSlot = Readonly<{
  /** Σ beta1ᵏ · g; the shape of the parameter. */
  sum: tf.Tensor;
  /** Σ beta2ᵏ · g²; the shape of the parameter. */
  squares: tf.Tensor;
  steps: number;
}>;

/**
 * Adam's direction, shortened while the mean of squares is known from few steps; plain momentum in the very first.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²,   m̂ = m / (1 − beta1ᵗ)
 *     ρ∞ = 2 / (1 − beta2) − 1,   ρ = ρ∞ − 2 t · beta2ᵗ / (1 − beta2ᵗ)
 *     r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))
 *     g ← m̂ · r · √(1 − beta2ᵗ) / (√v + epsilon)   where ρ > 5,   otherwise m̂
 *
 * `torch.optim.RAdam`; with the default `beta2` the first 5 steps are without v. t counts the parameter's own steps: one without a
 * gradient is none. Any shapes. 9 kernels per parameter and step.
 *
 * @throws RangeError if a beta is not in [0, 1), or `epsilon` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByRadam} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(1), true, 'scaleByRadamExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByRadam());
 * optimizer.minimize(() => tf.square(w) as tf.Scalar); // the gradient is 2
 * w.print(); // 0.8
 * ```
 * @see Liu, Jiang, He, Chen, Liu, Gao, Han (2020), arXiv:1908.03265.
 */
export function scaleByRadam(options: ScaleByRadamOptions = {}): GradientTransform<Slots<RadamSlot>> {
  const known = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8};
  const {beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8} = requireOptions('scaleByRadam', options, known);
  requireMoments('scaleByRadam', {beta1, beta2, epsilon});
  return perParameter<RadamSlot>(
    'scaleByRadam',
    {beta1, beta2, epsilon},
    (param) => ({sum: tf.zerosLike(param), squares: tf.zerosLike(param), steps: 0}),
    (raw, slot, constant) => {
      const grad = squarable(raw);
      const sum = tf.add(tf.mul(constant(beta1), slot.sum), grad);
      const squares = tf.add(tf.mul(constant(beta2), slot.squares), tf.square(grad));
      const steps = slot.steps + 1;
      const unbiased = (1 - beta1) / (1 - beta1 ** steps);
      const rectified = rectification(beta2, steps);
      if (rectified === undefined) return [tf.mul(constant(unbiased), sum), {sum, squares, steps}];
      // v = (1 − beta2) · squares; what is one number for all entries is put together.
      const unit = Math.sqrt(1 - beta2);
      const quotient = tf.div(sum, tf.add(tf.sqrt(squares), constant(epsilon / unit)));
      const factor = (unbiased * rectified * Math.sqrt(1 - beta2 ** steps)) / unit;
      return [tf.mul(constant(factor), quotient), {sum, squares, steps}];
    },
  );
}

/** r; undefined while the variance of the mean of squares is not finite. */
function rectification(beta2: number, steps: number): number | undefined {
  const longest = 2 / (1 - beta2) - 1;
  const power = beta2 ** steps;
  const length = longest - (2 * steps * power) / (1 - power);
  if (length <= 5) return undefined;
  const ratio = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
  return Math.sqrt(ratio);
}
