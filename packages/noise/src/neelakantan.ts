/**
 * The law of the paper that introduced annealed gradient noise, for {@link gradientNoise}: a variance, counted in steps.
 *
 *     σₜ² = eta / (1 + t)^0.55,  t = optimizer updates so far
 *
 * Its `eta` is one of 0.01, 0.3 and 1.
 *
 * @example
 * ```ts
 * import {gradientNoise, neelakantan} from '@gradwire/noise';
 *
 * const noise = gradientNoise({...neelakantan, eta: 0.3});
 * ```
 * @see Neelakantan et al. (2015), "Adding Gradient Noise Improves Learning for Very Deep Networks", arXiv:1511.06807, eq. 1.
 */
export const neelakantan = Object.freeze({gamma: 0.55, unit: 'step', formula: 'variance'} as const);
