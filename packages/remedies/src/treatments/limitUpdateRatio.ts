import {requireOptions, requirePositive} from '@gradwire/core';
import type {Treatment} from '../treatment.js';

/** Options of {@link limitUpdateRatio}. */
export interface LimitUpdateRatioOptions {
  /** ‖Δw‖ / ‖w‖ of a kernel that was too large; > 0, default 0.1. */
  readonly limit?: number;
  /** What the largest is brought to; > 0, default 0.01. */
  readonly target?: number;
}

/**
 * Lowers the learning rate if some step since the run began, or since this last did so, was too large.
 *
 *     rate ← rate · target / (largest ‖Δw‖ / ‖w‖ of a kernel), where that was larger than limit
 *
 * Needs the capture `updateStats`. Goes with treatments that repair what large steps have broken.
 *
 * If no step was, it has nothing to change and throws.
 *
 * @throws RangeError if `limit` or `target` is not positive.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {limitUpdateRatio, onAlert, reviveUnits} from '@gradwire/remedies';
 *
 * const remedy = onAlert('deadUnits', [limitUpdateRatio(), reviveUnits()], {undo: true});
 * ```
 */
export function limitUpdateRatio(options: LimitUpdateRatioOptions = {}): Treatment {
  const known = {limit: 0.1, target: 0.01};
  const {limit = 0.1, target = 0.01} = requireOptions('limitUpdateRatio', options, known);
  requirePositive('limitUpdateRatio', {limit, target});
  return Object.freeze<Treatment>({
    name: 'limitUpdateRatio',
    begin() {
      let largest = 0;
      let answered = 0;
      return {
        observe(event) {
          if (event.type !== 'capture' || event.capture !== 'updateStats') return;
          for (const [name, {ratio = 0}] of Object.entries(event.values)) {
            if (/kernel(_\d+)?$/.test(name) && ratio > largest && Number.isFinite(ratio)) largest = ratio;
          }
        },
        apply(training) {
          if (largest <= limit) throw new Error('no step was too large.');
          const factor = target / largest;
          training.scaleLearningRate(factor);
          answered = largest;
          largest = 0;
          return {change: `learning rate × ${Number(factor.toPrecision(3))}`};
        },
        undone: () => {
          largest = Math.max(largest, answered);
        },
      };
    },
  });
}
