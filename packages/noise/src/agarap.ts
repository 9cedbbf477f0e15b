/**
 * The law of Agarap's experiments on MNIST, for {@link gradientNoise}: a standard deviation, counted in epochs.
 *
 *     σₑ = 1 / (1 + e)^0.55,  e = the epoch, from 0
 *
 * In the notation of {@link neelakantan}, with a variance, this falls with gamma 1.1: noise of size 1 in the first epoch,
 * of 0.08 in the hundredth.
 *
 * @example
 * ```ts
 * import {agarap, gradientNoise} from '@gradwire/noise';
 *
 * const noise = gradientNoise(agarap);
 * ```
 * @see Agarap (2019), "Avoiding the vanishing gradients problem by adding random noise and batch
 * normalization".
 */
export const agarap = Object.freeze({eta: 1, gamma: 0.55, unit: 'epoch', formula: 'deviation'} as const);
