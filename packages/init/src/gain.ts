import {describeValue} from '@gradwire/core';
import {requireFinite} from './requireFinite.js';

/** By tfjs's names of activations. */
const GAINS = {
  // PyTorch's.
  linear: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
  // 1 / √E[f(z)²] of z ~ N(0, 1), integrated numerically.
  elu: 1.2451983007,
  gelu: 1.5335304412,
  swish: 1.6765324704,
  mish: 1.4868475814,
};

/**
 * By how much weights must be larger than 1 / √fanIn so that signals keep their size through an activation.
 *
 *     deviation of a weight = gain / √fanIn
 *
 * | activation                       | gain                                                           |
 * | -------------------------------- | -------------------------------------------------------------- |
 * | `linear`, `sigmoid`              | 1                                                              |
 * | `tanh`                           | 5/3                                                            |
 * | `relu`                           | √2                                                             |
 * | `leakyRelu`                      | √(2 / (1 + slope²)), slope 0.01 where it is not given          |
 * | `selu`                           | 3/4                                                            |
 * | `elu`, `gelu`, `swish`, `mish`   | 1.245, 1.534, 1.677, 1.487: 1 / √E[f(z)²] for z ~ N(0, 1)      |
 *
 * All but the last row are those of `torch.nn.init.calculate_gain`; those of tanh and SELU are rules of thumb, by the last row's formula they
 * were 1.593 and 1.
 *
 * @param activation tfjs's name of it.
 * @param slope of `leakyRelu` below 0.
 * @throws RangeError if the activation is not in the table, or has no slope.
 * @example
 * ```ts
 * import {gain, orthogonal} from '@gradwire/init';
 *
 * console.log(gain('relu')); // 1.4142135623730951
 * orthogonal({gain: gain('leakyRelu', 0.2)});
 * ```
 * @see He et al. (2015), "Delving Deep into Rectifiers", arXiv:1502.01852, for ReLUs.
 */
export function gain(activation: keyof typeof GAINS | 'leakyRelu', slope?: number): number {
  if (activation === 'leakyRelu') {
    requireFinite('gain', {slope: slope ?? 0});
    return Math.sqrt(2 / (1 + (slope ?? 0.01) ** 2));
  }
  if (typeof activation !== 'string' || !Object.hasOwn(GAINS, activation)) {
    const known = [...Object.keys(GAINS), 'leakyRelu'].join(', ');
    throw new RangeError(`gain: activation must be one of ${known}, got ${describeValue(activation)}.`);
  }
  if (slope !== undefined) throw new RangeError(`gain: ${activation} has no slope, got ${slope}.`);
  return GAINS[activation];
}
