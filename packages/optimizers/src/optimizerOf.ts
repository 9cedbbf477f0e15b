import {GradientOptimizer, type GradientTransform, requireNonNegative, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {addDecayedWeights} from './addDecayedWeights.js';
import {type ParameterGroup, requireGroups} from './parameterGroup.js';
import {scaleGradients} from './scaleGradients.js';

/** What all optimizers have in common. */
export interface Settings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly groups: readonly ParameterGroup[];
}

/**
 * Gradient descent on what a chain makes of the gradients. The chain gets the transform that adds decayed weights, as a list to
 * spread in its place, which is empty where nothing decays.
 *
 * @param where name of the optimizer, for errors.
 */
export function optimizerOf(
  where: string,
  settings: Settings,
  chainOf: (decay: readonly GradientTransform[]) => readonly GradientTransform[],
): GradientOptimizer {
  const {learningRate, weightDecay, groups} = settings;
  requirePositive(where, {learningRate});
  requireNonNegative(where, {weightDecay});
  requireGroups(where, groups);
  const chain = [...chainOf(decayOf(settings)), ...ratesOf(settings)];
  return new GradientOptimizer(tf.train.sgd(learningRate), chain);
}

function decayOf({weightDecay, groups}: Settings): GradientTransform[] {
  if (weightDecay === 0 && groups.every((group) => group.weightDecay === undefined)) return [];
  const byGroup = groups.map((group) => ({select: group.select, rate: group.weightDecay ?? weightDecay}));
  return [addDecayedWeights({rate: weightDecay, groups: byGroup})];
}

function ratesOf({learningRate, groups}: Settings): GradientTransform[] {
  if (groups.every((group) => group.learningRate === undefined)) return [];
  const byGroup = groups.map((group) => ({
    select: group.select,
    factor: (group.learningRate ?? learningRate) / learningRate,
  }));
  return [scaleGradients({factor: 1, groups: byGroup})];
}
