import {requireOptions, requirePositive} from '@gradwire/core';
import type {Treatment} from '../treatment.js';

/** Options of {@link retuneRate}. */
export interface RetuneRateOptions {
  /** The rate stays where ‖Δw‖ / ‖w‖ is within a factor of 3 of this; > 0, default 0.001. */
  readonly target?: number;
}

/**
 * Looks, once the next steps have been measured, whether the learning rate still fits, and scales it if not.
 *
 *     rate ← rate · target / r,  r: the median over kernels of ‖Δw‖ / ‖w‖, where r < target / 3 or r > 3 · target
 *
 * That is a second `applied` event. Goes with treatments that draw new weights, for which the rate was not chosen. Needs the capture `updateStats`.
 *
 * @throws RangeError if `target` is not positive.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {onAlert, reinitializeLayers, retuneRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert('poorInitialization', [reinitializeLayers({layers: 'all'}), retuneRate()], {undo: true});
 * ```
 */
export function retuneRate(options: RetuneRateOptions = {}): Treatment {
  const {target = 1e-3} = requireOptions('retuneRate', options, {target: 1e-3});
  requirePositive('retuneRate', {target});
  return Object.freeze<Treatment>({
    name: 'retuneRate',
    begin(services) {
      let isWaiting = false;
      let asked: symbol | undefined;
      return {
        observe(event) {
          if (!isWaiting || event.type !== 'capture' || event.capture !== 'updateStats') return;
          isWaiting = false;
          const ratios = Object.entries(event.values)
            .flatMap(([name, {ratio = 0}]) =>
              /kernel(_\d+)?$/.test(name) && ratio > 0 && ratio < Infinity ? [ratio] : [],
            )
            .toSorted((a, b) => a - b);
          const median = ratios[ratios.length >> 1];
          if (median === undefined || (median >= target / 3 && median <= 3 * target)) return;
          const mine = Symbol('asked');
          asked = mine;
          services.betweenSteps((training) => {
            if (asked !== mine) return;
            const factor = target / median;
            training.scaleLearningRate(factor);
            services.applied(`learning rate × ${Number(factor.toPrecision(3))}`);
          });
        },
        apply() {
          isWaiting = true;
          return {change: 'learning rate to be looked at'};
        },
        undone() {
          isWaiting = false;
          asked = undefined;
        },
      };
    },
  });
}
