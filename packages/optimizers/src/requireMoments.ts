import {requirePositive} from '@gradwire/core';
import {requireFraction} from './requireFraction.js';

/**
 * Checks the options of Adam and its kin.
 *
 * @throws RangeError that names function, option and value.
 */
export function requireMoments(
  where: string,
  {beta1, beta2, epsilon}: {beta1: number; beta2: number; epsilon: number},
): void {
  requireFraction(where, {beta1, beta2});
  requirePositive(where, {epsilon});
}
