import {type GradientTransform, requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireMoments} from './requireMoments.js';
import {squarable} from './squarable.js';

/** The options of {@link scaleByNadam}. */
export interface ScaleByNadamOptions {
  /** Decay of the mean of gradients, and where the momentum ends that begins at half of it; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
  /** How fast the momentum comes up to `beta1`; >= 0, default 0.004. */
  readonly momentumDecay?: number;
}

type NadamSlot = Readonly<{
  /** Σ beta1ᵏ · g; the shape of the parameter. */
  sum: tf.Tensor;
  /** Σ beta2ᵏ · g²; the shape of the parameter. */
  squares: tf.Tensor;
  /** Product of the momentum of all steps so far. */
  product: number;
  steps: number;
}>;

/**
 * Adam's direction with Nesterov's look ahead.
 *
 *     μₜ = beta1 · (1 − 0.96^(t · momentumDecay) / 2)
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     g ← (g · (1 − μₜ) / (1 − μ₁⋯μₜ) + m · μₜ₊₁ / (1 − μ₁⋯μₜ₊₁)) / (√(v / (1 − beta2ᵗ)) + epsilon)
 *
 * `torch.optim.NAdam`. (PyTorch 1.13 counts μₜ twice in the second product, unless it is called with `foreach=True`.) t counts
 * the parameter's own steps: one without a gradient is none. Any shapes. 11 kernels per parameter and step.
 *
 * @throws RangeError if a beta is not in [0, 1), `epsilon` is not a positive number or `momentumDecay` negative.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByNadam} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'scaleByNadamExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByNadam());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.894355, -19.8944]
 * ```
 * @see Dozat (2016), "Incorporating Nesterov Momentum into Adam", ICLR workshop.
 */
export function scaleByNadam(options: ScaleByNadamOptions = {}): GradientTransform<Slots<NadamSlot>> {
  const known = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentumDecay: 0.004};
  const given = requireOptions('scaleByNadam', options, known);
  const {beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 0.004} = given;
  requireMoments('scaleByNadam', {beta1, beta2, epsilon});
  requireNonNegative('scaleByNadam', {momentumDecay});
  const momentumOf = (step: number): number => beta1 * (1 - 0.96 ** (step * momentumDecay) / 2);
  return perParameter<NadamSlot>(
    'scaleByNadam',
    {beta1, beta2, epsilon, momentumDecay},
    (param) => ({sum: tf.zerosLike(param), squares: tf.zerosLike(param), product: 1, steps: 0}),
    (raw, slot, constant) => {
      const grad = squarable(raw);
      const sum = tf.add(tf.mul(constant(beta1), slot.sum), grad);
      const squares = tf.add(tf.mul(constant(beta2), slot.squares), tf.square(grad));
      const steps = slot.steps + 1;
      const [momentum, next] = [momentumOf(steps), momentumOf(steps + 1)];
      const product = slot.product * momentum;
      const ofGrad = (1 - momentum) / (1 - product);
      const ofSum = ((1 - beta1) * next) / (1 - product * next);
      // √v̂ = √squares / root; what is one number for all entries is put together.
      const root = Math.sqrt((1 - beta2 ** steps) / (1 - beta2));
      const ahead = tf.add(grad, tf.mul(constant(ofSum / ofGrad), sum));
      const quotient = tf.div(ahead, tf.add(tf.sqrt(squares), constant(epsilon * root)));
      return [tf.mul(constant(ofGrad * root), quotient), {sum, squares, product, steps}];
    },
  );
}
