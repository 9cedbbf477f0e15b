import {requireOptions, requirePositive} from '@gradwire/core';
import {defineTreatment, type Treatment} from '../treatment.js';

/** Options of {@link scaleRate}. */
export interface ScaleRateOptions {
  /** What the learning rate is multiplied by; > 0. */
  readonly factor: number;
}

/**
 * Multiplies the learning rate, whether it follows a schedule or not.
 *
 * @throws RangeError if `factor` is not positive.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {onAlert, scaleRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert('lossDivergence', scaleRate({factor: 0.1}), {undo: true});
 * ```
 */
export function scaleRate(options: ScaleRateOptions): Treatment {
  const {factor} = requireOptions('scaleRate', options, {factor: 0.1});
  requirePositive('scaleRate', {factor});
  return defineTreatment('scaleRate', (training) => {
    training.scaleLearningRate(factor);
    return {change: `learning rate × ${factor}`};
  });
}
