import {type GradientTransform, requireNonNegative, requireOptions, stateless} from '@gradwire/core';
import {perturbEach} from './perturbEach.js';
import {requireSeed, streamsOf} from './streamsOf.js';

/** The options of {@link dropGradients}. */
export interface DropGradientsOptions {
  /** Share of the entries that become zero; in [0, 1). */
  readonly rate: number;
  /** Seed of the choice; a whole number >= 0. Default: the seed of the run. */
  readonly seed?: number;
}

/**
 * Sets entries of every gradient to zero at random and makes up for them in the others.
 *
 *     g ← g · m / (1 − rate),  m = 0 with probability rate, 1 otherwise, for every entry anew in every step
 *
 * What is expected of each entry stays as it is, its variance grows. Seeded as {@link gradientNoise} is: a pure function of
 * seed, parameter, step and element. Any shapes; holes stay holes; gradients that are not float32 pass unchanged.
 *
 * @throws RangeError if `rate` is not in [0, 1), or `seed` is not a whole number >= 0.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {dropGradients} from '@gradwire/noise';
 *
 * const optimizer = transformGradients(tf.train.sgd(0.1), dropGradients({rate: 0.3}));
 * ```
 * @see Wangni, Wang, Liu, Zhang (2018), "Gradient Sparsification for Communication-Efficient Distributed Optimization",
 * arXiv:1710.09854, with equal probabilities; Tseng et al. (2020), "Regularizing Meta-Learning via Gradient Dropout",
 * arXiv:2004.05859.
 */
export function dropGradients(options: DropGradientsOptions): GradientTransform<undefined> {
  const {rate, seed} = requireOptions('dropGradients', options, {rate: 0.3, seed: 42});
  requireNonNegative('dropGradients', {rate});
  if (rate >= 1) throw new RangeError(`dropGradients: rate must be < 1, got ${rate}.`);
  requireSeed('dropGradients', seed);
  return stateless('dropGradients', {rate, ...(seed === undefined ? {} : {seed})}, (grads, ctx) =>
    rate === 0 ? grads : perturbEach('drop', grads, streamsOf('dropGradients', grads, ctx, seed), rate),
  );
}
