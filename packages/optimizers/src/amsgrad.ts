import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireBoolean} from './requireBoolean.js';
import {requireMoments} from './requireMoments.js';
import {scaleByAdam} from './scaleByAdam.js';

/** The options of {@link amsgrad}. */
export interface AmsgradOptions {
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
 * Adam that divides by the largest mean of squares so far.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     v̄ ← max(v̄, v)
 *     u = (m / (1 − beta1ᵗ)) / (√(v̄ / (1 − beta2ᵗ)) + epsilon)
 *     w ← w − learningRate · u
 *
 * `torch.optim.Adam` with `amsgrad=True`, weight decay included; `torch.optim.AdamW` with it where that is decoupled. A chain over
 * `tf.train.sgd`: {@link scaleByAdam}, before or after it addDecayedWeights, scaleGradients (for groups). t counts the parameter's own
 * steps.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, `decoupledWeightDecay` is no boolean, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {amsgrad} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'amsgradExample');
 * const optimizer = amsgrad({learningRate: 0.1});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.9, -19.9]
 * ```
 * @see Reddi, Kale, Kumar (2018), "On the Convergence of Adam and Beyond", arXiv:1904.09237.
 */
export function amsgrad(options: AmsgradOptions = {}): GradientOptimizer {
  const numbers = {learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0};
  const known = {...numbers, decoupledWeightDecay: 'true', groups: '[]'};
  const {groups = [], decoupledWeightDecay = false, ...given} = requireOptions('amsgrad', options, known);
  const {learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0} = given;
  requireMoments('amsgrad', {beta1, beta2, epsilon});
  requireBoolean('amsgrad', {decoupledWeightDecay});
  const rule = scaleByAdam({beta1, beta2, epsilon, amsgrad: true});
  return optimizerOf('amsgrad', {learningRate, weightDecay, groups}, (decay) =>
    decoupledWeightDecay ? [rule, ...decay] : [...decay, rule],
  );
}
