import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireBoolean} from './requireBoolean.js';
import {requireMoments} from './requireMoments.js';
import {scaleByRadam} from './scaleByRadam.js';

/** The options of {@link radam}. */
export interface RadamOptions {
  /** Learning rate; > 0, default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
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
 * Adam that begins with small steps by itself, as long as the mean of squares is known from few.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     m̂ = m / (1 − beta1ᵗ)
 *     ρ∞ = 2 / (1 − beta2) − 1,   ρ = ρ∞ − 2 t · beta2ᵗ / (1 − beta2ᵗ)
 *     r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))
 *     u = m̂ · r · √(1 − beta2ᵗ) / (√v + epsilon)   where ρ > 5,   otherwise m̂
 *     w ← w − learningRate · u
 *
 * `torch.optim.RAdam`, weight decay included. A chain over `tf.train.sgd`: {@link scaleByRadam}, before or after it addDecayedWeights,
 * scaleGradients (for groups). t counts the parameter's own steps.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, `decoupledWeightDecay` is no boolean, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {radam} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'radamExample');
 * const optimizer = radam({learningRate: 0.1});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.8, -16]
 * ```
 * @see Liu, Jiang, He, Chen, Liu, Gao, Han (2020), "On the Variance of the Adaptive Learning Rate and Beyond", arXiv:1908.03265.
 */
export function radam(options: RadamOptions = {}): GradientOptimizer {
  const numbers = {learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0};
  const known = {...numbers, decoupledWeightDecay: 'true', groups: '[]'};
  const {groups = [], decoupledWeightDecay = false, ...given} = requireOptions('radam', options, known);
  const {learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0} = given;
  requireMoments('radam', {beta1, beta2, epsilon});
  requireBoolean('radam', {decoupledWeightDecay});
  const rule = scaleByRadam({beta1, beta2, epsilon});
  return optimizerOf('radam', {learningRate, weightDecay, groups}, (decay) =>
    decoupledWeightDecay ? [rule, ...decay] : [...decay, rule],
  );
}
