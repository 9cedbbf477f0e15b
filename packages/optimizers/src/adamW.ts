import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireMoments} from './requireMoments.js';
import {scaleByAdam} from './scaleByAdam.js';

/** The options of {@link adamW}. */
export interface AdamWOptions {
  /** Learning rate; > 0, default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients; in [0, 1), default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of their squares; in [0, 1), default 0.999. */
  readonly beta2?: number;
  /** Added to the root; > 0, in units of the gradient, default 1e-8. */
  readonly epsilon?: number;
  /** Weight decay, decoupled: a step takes learningRate · weightDecay off the weights; >= 0, default 0.01. */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * Adam with weight decay that is not adapted.
 *
 *     m ← beta1 · m + (1 − beta1) · g,   v ← beta2 · v + (1 − beta2) · g²
 *     u = (m / (1 − beta1ᵗ)) / (√(v / (1 − beta2ᵗ)) + epsilon)
 *     w ← w − learningRate · (u + weightDecay · w)
 *
 * `torch.optim.AdamW`. A chain over `tf.train.sgd`: {@link scaleByAdam}, addDecayedWeights, scaleGradients (for groups). t counts the
 * parameter's own steps. With `weightDecay: 0` it is Adam. Biases and normalization are commonly not decayed, as below.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {adamW} from '@gradwire/optimizers';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * model.compile({
 *   loss: 'meanSquaredError',
 *   optimizer: adamW({learningRate: 0.01, groups: [{select: '**\/{bias,gamma,beta}', weightDecay: 0}]}),
 * });
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * ```
 * @see Loshchilov, Hutter (2019), "Decoupled Weight Decay Regularization", arXiv:1711.05101.
 */
export function adamW(options: AdamWOptions = {}): GradientOptimizer {
  const numbers = {learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01};
  const {groups = [], ...given} = requireOptions('adamW', options, {...numbers, groups: '[]'});
  const {learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01} = given;
  requireMoments('adamW', {beta1, beta2, epsilon});
  return optimizerOf('adamW', {learningRate, weightDecay, groups}, (decay) => [
    scaleByAdam({beta1, beta2, epsilon}),
    ...decay,
  ]);
}
