import {type GradientOptimizer, requireOptions, requirePositive} from '@gradwire/core';
import {clipByRms} from './clipByRms.js';
import {ema} from './ema.js';
import {optimizerOf} from './optimizerOf.js';
import type {ParameterGroup} from './parameterGroup.js';
import {requireBoolean} from './requireBoolean.js';
import {requireDecayRate} from './requireDecayRate.js';
import {requireFraction} from './requireFraction.js';
import {scaleByFactoredRms} from './scaleByFactoredRms.js';
import {scaleByParameterRms} from './scaleByParameterRms.js';
import {scaleByRelativeStep} from './scaleByRelativeStep.js';

/** The options of {@link adafactor}. */
export interface AdafactorOptions {
  /** Learning rate; > 0, default 0.01. With `scaleParameter` it is a share of the weights. */
  readonly learningRate?: number;
  /** Exponent of the step by which the share of new squares shrinks; < 0, default -0.8. */
  readonly decayRate?: number;
  /** Added to the squares; > 0, in units of the gradient squared, default 1e-30. */
  readonly epsilon?: number;
  /** Largest root mean square of a parameter's direction; > 0, default 1. */
  readonly clipThreshold?: number;
  /** Decay of a mean of directions, which costs the memory that the factors have saved; in [0, 1), default 0: no mean. */
  readonly beta1?: number;
  /** Whether steps are in proportion to the weights; default true. */
  readonly scaleParameter?: boolean;
  /** What smaller parameters count as for that; > 0, in units of the weights, default 1e-3. */
  readonly minScale?: number;
  /** Whether the rate is min(learningRate, 1 / √t); default true where no `learningRate` is given, as in the paper. */
  readonly relativeStep?: boolean;
  /** Weight decay, decoupled, in units of the step like the direction; >= 0, default 0. */
  readonly weightDecay?: number;
  /** Parameters with a learning rate or weight decay of their own; the first group that matches one has it. */
  readonly groups?: readonly ParameterGroup[];
}

/**
 * Adafactor: directions as Adam's from one number per row and column instead of two per weight.
 *
 *     u = g / √(mean of squares from rows and columns),   u ← u / max(1, RMS(u) / clipThreshold)
 *     α = max(minScale, RMS(w)) · min(learningRate, 1 / √t)
 *     w ← w − α · (u + weightDecay · w)
 *
 * Without `scaleParameter` the first factor of α is left out, without `relativeStep` the second is the learning rate.
 * `Adafactor` of Hugging Face's transformers without `warmup_init`, but for `beta1`: its mean is of lengths, ours of directions, so
 * that a new rate acts at once. Without weight decay also `torch.optim.Adafactor` (2.5) with `relativeStep` and its learning rate.
 *
 * A chain over `tf.train.sgd`: {@link scaleByFactoredRms}, {@link clipByRms}, {@link ema} (for `beta1`), addDecayedWeights,
 * {@link scaleByParameterRms}, {@link scaleByRelativeStep}, scaleGradients (for groups). t counts the parameter's own steps.
 *
 * @throws RangeError if a number is out of its range.
 * @throws TypeError if `options` is no object or has an unknown key, an option that is true or false is neither, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {adafactor} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor2d([[1, -1], [7, -7]]), true, 'adafactorExample'); // its RMS is 5
 * const optimizer = adafactor();
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [[0.95, -0.95], [6.95, -6.95]]
 * ```
 * @see Shazeer, Stern (2018), "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", arXiv:1804.04235.
 */
export function adafactor(options: AdafactorOptions = {}): GradientOptimizer {
  const numbers = {
    learningRate: 0.01,
    decayRate: -0.8,
    epsilon: 1e-30,
    clipThreshold: 1,
    beta1: 0.9,
    minScale: 1e-3,
  };
  const known = {...numbers, scaleParameter: 'true', relativeStep: 'true', weightDecay: 0, groups: '[]'};
  const given = requireOptions('adafactor', options, known);
  const {learningRate = 0.01, decayRate = -0.8, epsilon = 1e-30, clipThreshold = 1, beta1 = 0} = given;
  const {scaleParameter = true, minScale = 1e-3, weightDecay = 0, groups = []} = given;
  const {relativeStep = given.learningRate === undefined} = given;
  requireDecayRate('adafactor', {decayRate});
  requirePositive('adafactor', {epsilon, clipThreshold, minScale});
  requireFraction('adafactor', {beta1});
  requireBoolean('adafactor', {scaleParameter, relativeStep});
  return optimizerOf('adafactor', {learningRate, weightDecay, groups}, (decay) => [
    scaleByFactoredRms({decayRate, epsilon}),
    clipByRms({threshold: clipThreshold}),
    ...(beta1 === 0 ? [] : [ema({decay: beta1})]),
    ...decay,
    ...(scaleParameter ? [scaleByParameterRms({minScale})] : []),
    ...(relativeStep ? [scaleByRelativeStep()] : []),
  ]);
}
