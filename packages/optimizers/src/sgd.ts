import {type GradientOptimizer, requireOptions} from '@gradwire/core';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireMomentum} from './requireMomentum.js';
import {trace} from './trace.js';

/** The options of {@link sgd}. */
export interface SgdOptions {
  /** Learning rate; > 0. */
  readonly learningRate: number;
  /** Share of the velocity that stays from step to step; in [0, 1), default 0. */
  readonly momentum?: number;
  /** Looks one step ahead along the velocity; default false. */
  readonly nesterov?: boolean;
  /** Share of every gradient but the first that is left out; in [0, 1), default 0, as it must be with `nesterov`. */
  readonly dampening?: number;
  /** Weight decay, added to the gradient before momentum (L2); >= 0, default 0. */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * Gradient descent with momentum, Nesterov's too.
 *
 *     g ← g + weightDecay · w
 *     v ← momentum · v + (1 − dampening) · g,   in the first step v ← g
 *     w ← w − learningRate · v,   with nesterov: w − learningRate · (g + momentum · v)
 *
 * `torch.optim.SGD`. A chain over `tf.train.sgd`: addDecayedWeights, {@link trace}, scaleGradients (for groups).
 *
 * `tf.train.momentum` of tfjs 4.22 takes the same steps, Nesterov's too, but changes badly: `setMomentum(0)` leaves 0.9 in use, and
 * `optimizer.learningRate = x` the old rate. Here the rate is changed either way, and saved with the rest.
 *
 * @throws RangeError if a number is out of its range, or Nesterov comes with dampening or without momentum.
 * @throws TypeError if `options` is no object or has an unknown key, `nesterov` is no boolean, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {sgd} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(1), true, 'sgdExample');
 * const optimizer = sgd({learningRate: 0.1, momentum: 0.9, nesterov: true});
 * optimizer.minimize(() => tf.square(w) as tf.Scalar); // the gradient is 2, v = 2, the step 0.1 · (2 + 0.9 · 2)
 * w.print(); // 0.62
 * ```
 * @see Sutskever, Martens, Dahl, Hinton (2013), "On the importance of initialization and momentum in deep learning", ICML.
 */
export function sgd(options: SgdOptions): GradientOptimizer {
  const known = {
    learningRate: 0.01,
    momentum: 0.9,
    nesterov: 'true',
    dampening: 0,
    weightDecay: 0,
    groups: '[]',
  };
  const given = requireOptions('sgd', options, known);
  const {learningRate, momentum = 0, nesterov = false, dampening = 0, weightDecay = 0, groups = []} = given;
  requireMomentum('sgd', {momentum, nesterov, dampening});
  return optimizerOf('sgd', {learningRate, weightDecay, groups}, (decay) => [
    ...decay,
    ...(momentum === 0 ? [] : [trace({momentum, nesterov, dampening})]),
  ]);
}
