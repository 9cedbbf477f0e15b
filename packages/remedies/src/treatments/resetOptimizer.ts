import {defineTreatment, type Treatment} from '../treatment.js';

/**
 * Makes the optimizer forget momentum and averages, and the transforms their state. Weights, rate and the count of steps stay.
 *
 * @example
 * ```ts
 * import {onAlert, resetOptimizer, scaleRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert('oscillation', [scaleRate({factor: 0.3}), resetOptimizer()]);
 * ```
 */
export function resetOptimizer(): Treatment {
  return defineTreatment('resetOptimizer', ({optimizer}) => {
    optimizer.reset();
    return {change: 'optimizer state forgotten'};
  });
}
