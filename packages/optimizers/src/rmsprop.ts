import {type GradientOptimizer, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireBoolean} from './requireBoolean.js';
import {requireFraction} from './requireFraction.js';
import {scaleByRms} from './scaleByRms.js';
import {trace} from './trace.js';

/** The options of {@link rmsprop}. */
export interface RmspropOptions {
  /** Learning rate; > 0, default 0.01. */
  readonly learningRate?: number;
  /** Decay of the mean of squares; in [0, 1), default 0.99, as in PyTorch. Keras and TensorFlow 1 have 0.9. */
  readonly decay?: number;
  /** Share of the velocity that stays from step to step; in [0, 1), default 0. */
  readonly momentum?: number;
  /** Keeps the divisor from zero; > 0, default 1e-8. In units of the gradient, or of its square where it is in the root. */
  readonly epsilon?: number;
  /** Whether `epsilon` is added to the square, as in TensorFlow 1 and tfjs, or to the root (default), as in PyTorch and Keras. */
  readonly epsilonInSqrt?: boolean;
  /** What the mean of squares begins with; >= 0, default 0. TensorFlow 1 has 1. */
  readonly initialScale?: number;
  /** Takes the variance for the mean of squares; default false. */
  readonly centered?: boolean;
  /** Weight decay, added to the gradient (L2); >= 0, default 0. */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * RMSProp, with momentum where you want it.
 *
 *     g ← g + weightDecay · w
 *     v ← decay · v + (1 − decay) · g²
 *     u ← momentum · u + g / (√v + epsilon),   with epsilonInSqrt: g / √(v + epsilon)
 *     w ← w − learningRate · u
 *
 * `torch.optim.RMSprop`. TensorFlow 1's `tf.train.RMSPropOptimizer(rate, decay=0.9, momentum=0.9, epsilon=1e-10)` is
 * `rmsprop({learningRate: rate, decay: 0.9, momentum: 0.9, epsilon: 1e-10, epsilonInSqrt: true, initialScale: 1})`, as long as the rate is
 * constant: there every gradient keeps the rate of its own step. `centered` puts the variance v − m² in the place of v, where m is
 * the mean of gradients; tfjs 4.22 takes the root of v − m² − epsilon there, which is NaN once a gradient stays the same.
 *
 * A chain over `tf.train.sgd`: addDecayedWeights, {@link scaleByRms}, {@link trace}, scaleGradients (for groups).
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, `epsilonInSqrt` or `centered` is no boolean, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {rmsprop} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -20]), true, 'rmspropExample');
 * const optimizer = rmsprop({learningRate: 0.1, decay: 0.75, momentum: 0.9});
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // v = g² / 4
 * w.print(); // [0.8, -19.8]
 * ```
 * @see Tieleman, Hinton (2012), Coursera, lecture 6.5; Graves (2013), arXiv:1308.0850, for the centered form.
 */
export function rmsprop(options: RmspropOptions = {}): GradientOptimizer {
  const numbers = {
    learningRate: 0.01,
    decay: 0.99,
    momentum: 0.9,
    epsilon: 1e-8,
    initialScale: 1,
    weightDecay: 0,
  };
  const known = {...numbers, epsilonInSqrt: 'true', centered: 'true', groups: '[]'};
  const given = requireOptions('rmsprop', options, known);
  const {learningRate = 0.01, decay = 0.99, momentum = 0, epsilon = 1e-8, initialScale = 0} = given;
  const {epsilonInSqrt = false, centered = false, weightDecay = 0, groups = []} = given;
  requireFraction('rmsprop', {decay, momentum});
  requirePositive('rmsprop', {epsilon});
  requireNonNegative('rmsprop', {initialScale});
  requireBoolean('rmsprop', {epsilonInSqrt, centered});
  return optimizerOf('rmsprop', {learningRate, weightDecay, groups}, (decayed) => [
    ...decayed,
    scaleByRms({decay, epsilon, epsilonInSqrt, initialScale, centered}),
    ...(momentum === 0 ? [] : [trace({momentum})]),
  ]);
}
