import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireMoments} from './requireMoments.js';
import {scaleByAdam} from './scaleByAdam.js';
import {scaleByTrustRatio} from './scaleByTrustRatio.js';

/** The options of {@link lamb}. */
export interface LambOptions {
  /** Learning rate, the share of every parameter's norm that a step changes; > 0, default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-6. */
  readonly epsilon?: number;
  /** Weight decay, added before the norm is taken; >= 0, default 0.01. */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * LAMB: Adam's direction, brought to the norm of each parameter, for large batches.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     u = (m / (1 − beta1ᵗ)) / (√(v / (1 − beta2ᵗ)) + epsilon) + weightDecay · w
 *     w ← w − learningRate · u · ‖w‖ / ‖u‖
 *
 * A chain over `tf.train.sgd`: {@link scaleByAdam}, addDecayedWeights, {@link scaleByTrustRatio}, scaleGradients (for groups). Where ‖w‖ or
 * ‖u‖ is 0 their ratio counts as 1. t counts the parameter's own steps. Betas, epsilon and decay are the paper's for BERT; its rates
 * go from 5e-4 to 1e-2 with the batch.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {lamb} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([3, -3, 3, -3]), true, 'lambExample'); // Adam's first step is that of the signs
 * const optimizer = lamb({learningRate: 0.1, weightDecay: 0});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [2.7, -2.7, 2.7, -2.7]
 * ```
 * @see You et al. (2020), "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", arXiv:1904.00962.
 */
export function lamb(options: LambOptions = {}): GradientOptimizer {
  const numbers = {learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01};
  const {groups = [], ...given} = requireOptions('lamb', options, {...numbers, groups: '[]'});
  const {learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6, weightDecay = 0.01} = given;
  requireMoments('lamb', {beta1, beta2, epsilon});
  return optimizerOf('lamb', {learningRate, weightDecay, groups}, (decay) => [
    scaleByAdam({beta1, beta2, epsilon}),
    ...decay,
    scaleByTrustRatio(),
  ]);
}
