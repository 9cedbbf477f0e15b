import {type GradientOptimizer, requireNonNegative, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireBoolean} from './requireBoolean.js';
import {requireMoments} from './requireMoments.js';
import {scaleByNadam} from './scaleByNadam.js';

/** The options of {@link nadam}. */
export interface NadamOptions {
  /** Learning rate; > 0, default 0.002. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
  /** How fast the momentum comes up to `beta1`; >= 0, default 0.004. */
  readonly momentumDecay?: number;
  /**
   * Weight decay; >= 0, default 0. Added to the gradient (L2), or decoupled: a step then takes learningRate · weightDecay off the
   * weights.
   */
  readonly weightDecay?: number;
  /** Whether weight decay is decoupled; default false. */
  readonly decoupledWeightDecay?: boolean;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * Adam with Nesterov's look ahead.
 *
 *     μₜ = beta1 · (1 − 0.96^(t · momentumDecay) / 2)
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     u = (g · (1 − μₜ) / (1 − μ₁⋯μₜ) + m · μₜ₊₁ / (1 − μ₁⋯μₜ₊₁)) / (√(v / (1 − beta2ᵗ)) + epsilon)
 *     w ← w − learningRate · u
 *
 * `torch.optim.NAdam`, weight decay included. A chain over `tf.train.sgd`: {@link scaleByNadam}, before or after it addDecayedWeights,
 * scaleGradients (for groups). t counts the parameter's own steps.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, `decoupledWeightDecay` is no boolean, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {nadam} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'nadamExample');
 * const optimizer = nadam({learningRate: 0.1});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.894355, -19.8944]
 * ```
 * @see Dozat (2016), "Incorporating Nesterov Momentum into Adam", ICLR workshop.
 */
export function nadam(options: NadamOptions = {}): GradientOptimizer {
  const numbers = {
    learningRate: 0.002,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentumDecay: 0.004,
    weightDecay: 0,
  };
  const known = {...numbers, decoupledWeightDecay: 'true', groups: '[]'};
  const {groups = [], decoupledWeightDecay = false, ...given} = requireOptions('nadam', options, known);
  const {learningRate = 0.002, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0} = given;
  const {momentumDecay = 0.004} = given;
  requireMoments('nadam', {beta1, beta2, epsilon});
  requireBoolean('nadam', {decoupledWeightDecay});
  requireNonNegative('nadam', {momentumDecay});
  const rule = scaleByNadam({beta1, beta2, epsilon, momentumDecay});
  return optimizerOf('nadam', {learningRate, weightDecay, groups}, (decay) =>
    decoupledWeightDecay ? [rule, ...decay] : [...decay, rule],
  );
}
