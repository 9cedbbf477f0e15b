import {type GradientTransform, requireNonNegative, requireOptions, stateless} from '@gradwire/core';
import {perturbEach} from './perturbEach.js';
import {requireSeed, streamsOf} from './streamsOf.js';

/** The options of {@link langevinNoise}. */
export interface LangevinNoiseOptions {
  /**
   * How widely the weights spread; >= 0. Where the loss is a mean over N samples, 1 / N samples from the posterior; less
   * spreads less.
   */
  readonly temperature: number;
  /** Seed of the noise; a whole number >= 0. Default: the seed of the run. */
  readonly seed?: number;
}

/**
 * Adds the Gaussian noise that makes gradient descent a sampler: stochastic gradient Langevin dynamics.
 *
 *     g ← g + N(0, 2 · temperature / rate),  so that  w ← w − rate · g + N(0, 2 · temperature · rate)
 *
 * `rate` is the optimizer's learning rate in that step, however it is scheduled. In the limit of small rates the weights visit
 * points in proportion to exp(−loss / temperature). That holds for plain `tf.train.sgd`: with momentum or Adam the noise
 * is scaled otherwise. Seeded as {@link gradientNoise} is. Any shapes; holes stay holes; gradients that are not float32 pass
 * unchanged, and so do all while the rate is 0, when no weight moves. This is no differential privacy.
 *
 * @throws RangeError if `temperature` is negative or not finite, or `seed` is not a whole number >= 0.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error in the first step if the optimizer has no learning rate.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {langevinNoise} from '@gradwire/noise';
 *
 * const optimizer = transformGradients(tf.train.sgd(1e-3), langevinNoise({temperature: 1 / 60_000}));
 * ```
 * @see Welling, Teh (2011), "Bayesian Learning via Stochastic Gradient Langevin Dynamics", ICML.
 */
export function langevinNoise(options: LangevinNoiseOptions): GradientTransform<undefined> {
  const {temperature, seed} = requireOptions('langevinNoise', options, {temperature: '1e-4', seed: 42});
  requireNonNegative('langevinNoise', {temperature});
  requireSeed('langevinNoise', seed);
  return stateless(
    'langevinNoise',
    {temperature, ...(seed === undefined ? {} : {seed})},
    (grads, ctx) => {
      const {learningRate: rate} = ctx;
      if (rate === undefined)
        throw new Error('langevinNoise: the optimizer has no learning rate to scale with.');
      if (temperature === 0 || rate === 0) return grads;
      const deviation = Math.sqrt((2 * temperature) / rate);
      return perturbEach('normal', grads, streamsOf('langevinNoise', grads, ctx, seed), deviation);
    },
    {kind: 'noise', scope: 'entry'},
  );
}
