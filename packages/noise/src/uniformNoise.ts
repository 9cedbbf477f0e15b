import {type GradientTransform, requireOptions, stateless} from '@gradwire/core';
import {annealed} from './annealed.js';
import {perturbEach} from './perturbEach.js';
import {requireAnnealing} from './requireAnnealing.js';
import {requireSeed, streamsOf} from './streamsOf.js';

/** The options of {@link uniformNoise}. */
export interface UniformNoiseOptions {
  /** Bound of the noise at t = 0, in units of the gradient; >= 0. Or the bound as a function of t. */
  readonly limit: number | ((t: number) => number);
  /** How fast the bound falls; >= 0. Default 0: it stays. */
  readonly gamma?: number;
  /** What t counts, from 0: optimizer updates (default) or epochs. Epochs need a loop that knows them: the trainer. */
  readonly unit?: 'step' | 'epoch';
  /** Seed of the noise; a whole number >= 0. Default: the seed of the run. */
  readonly seed?: number;
}

/**
 * Adds uniform noise to every gradient.
 *
 *     g ← g + U(−limitₜ, limitₜ),  limitₜ = limit / (1 + t)^gamma
 *
 * Its deviation is limitₜ / √3, and no entry changes by more than limitₜ. Seeded as {@link gradientNoise} is: a pure function
 * of seed, parameter, step and element. Any shapes; holes stay holes; gradients that are not float32 pass unchanged.
 *
 * @throws RangeError if `limit` or `gamma` is negative or not finite, or `seed` is not a whole number >= 0; in a step, if the
 * function `limit` gives such a value.
 * @throws TypeError if an option is of another kind, or unknown, or `gamma` is given beside a function.
 * @throws Error in the first step if `unit` is 'epoch' and nobody tells the epoch.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {uniformNoise} from '@gradwire/noise';
 *
 * const optimizer = transformGradients(tf.train.sgd(0.1), uniformNoise({limit: 0.01}));
 * ```
 * @see An (1996), "The Effects of Adding Noise During Backpropagation Training on a Generalization Performance".
 */
export function uniformNoise(options: UniformNoiseOptions): GradientTransform<undefined> {
  const known = {limit: 0.01, gamma: 0, unit: "'step'", seed: 42};
  const {limit, gamma, unit, seed} = requireOptions('uniformNoise', options, known);
  const annealing = requireAnnealing('uniformNoise', 'limit', {size: limit, gamma, unit}, 0);
  const timing = {...(typeof limit === 'number' ? {gamma: annealing.gamma} : {}), unit: annealing.unit};
  requireSeed('uniformNoise', seed);
  return stateless(
    'uniformNoise',
    {limit, ...timing, ...(seed === undefined ? {} : {seed})},
    (grads, ctx) => {
      const bound = annealed('uniformNoise', 'limit', annealing, ctx);
      if (bound === 0) return grads;
      return perturbEach('uniform', grads, streamsOf('uniformNoise', grads, ctx, seed), bound);
    },
    {kind: 'noise', scope: 'entry'},
  );
}
