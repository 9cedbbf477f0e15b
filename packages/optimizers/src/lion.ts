import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireFraction} from './requireFraction.js';
import {scaleByLion} from './scaleByLion.js';

/** The options of {@link lion}. */
export interface LionOptions {
  /** Learning rate, how far every weight moves in a step; > 0, default 1e-4. The authors advise 3 to 10 times less than for AdamW. */
  readonly learningRate?: number;
  /** Share of the mean in what the sign is taken of; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.99. */
  readonly beta2?: number;
  /**
   * Weight decay, decoupled: a step takes learningRate · weightDecay off the weights; >= 0, default 0, as in the authors' code. They
   * advise 3 to 10 times more than for AdamW.
   */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * Lion: steps along the sign of a mean of gradients.
 *
 *     u = sign(beta1 · m + (1 − beta1) · g),   m ← beta2 · m + (1 − beta2) · g
 *     w ← w − learningRate · (u + weightDecay · w)
 *
 * A chain over `tf.train.sgd`: {@link scaleByLion}, addDecayedWeights, scaleGradients (for groups). Keeps one tensor per parameter,
 * where Adam keeps two.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {lion} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'lionExample');
 * const optimizer = lion({learningRate: 0.1});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.9, -19.9]
 * ```
 * @see Chen et al. (2023), "Symbolic Discovery of Optimization Algorithms", arXiv:2302.06675.
 */
export function lion(options: LionOptions = {}): GradientOptimizer {
  const known = {learningRate: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0, groups: '[]'};
  const given = requireOptions('lion', options, known);
  const {learningRate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay = 0, groups = []} = given;
  requireFraction('lion', {beta1, beta2});
  return optimizerOf('lion', {learningRate, weightDecay, groups}, (decay) => [
    scaleByLion({beta1, beta2}),
    ...decay,
  ]);
}
