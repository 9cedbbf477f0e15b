import {requireOptions, requirePositive} from '@gradwire/core';
import {defineTreatment, type Treatment} from '../treatment.js';

/** Options of {@link matchUpdateRatio}. */
export interface MatchUpdateRatioOptions {
  /** ‖Δw‖ / ‖w‖ to aim at; > 0, default 0.001. */
  readonly target?: number;
}

/**
 * Scales the learning rate so that steps change weights by a usual share of their size.
 *
 *     rate ← rate · target / (‖Δw‖ / ‖w‖)
 *
 * The ratio is the newest of the `updateRatio` alert that it answers.
 *
 * @throws RangeError if `target` is not positive.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {matchUpdateRatio, onAlert} from '@gradwire/remedies';
 *
 * const remedy = onAlert('updateRatio', matchUpdateRatio(), {undo: true});
 * ```
 * @see Karpathy, notes to CS231n, "Neural Networks Part 3": a ratio of 0.001 is a rule of thumb.
 */
export function matchUpdateRatio(options: MatchUpdateRatioOptions = {}): Treatment {
  const {target = 1e-3} = requireOptions('matchUpdateRatio', options, {target: 1e-3});
  requirePositive('matchUpdateRatio', {target});
  return defineTreatment('matchUpdateRatio', (training, {evidence}) => {
    const ratio = evidence?.values.at(-1);
    if (ratio === undefined || !(ratio > 0 && ratio < Infinity)) throw new Error('the alert tells no ratio.');
    const factor = target / ratio;
    training.scaleLearningRate(factor);
    return {change: `learning rate × ${Number(factor.toPrecision(3))}`};
  });
}
