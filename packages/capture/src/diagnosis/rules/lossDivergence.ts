import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {LossTrack} from '../lossTrack.js';
import {againstLargeGradients} from '../remedyOffers.js';
import {ruleOptions} from '../ruleOptions.js';
import {UpdateTrack} from '../updateTrack.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link lossDivergence}. */
export interface LossDivergenceOptions extends WindowOptions {
  /** How many times its start the loss may be; > 0, default 3. */
  readonly factor?: number;
  /** Share of what was gained that may be lost again; > 0, default 0.75. */
  readonly lost?: number;
}

/** Share of the first loss that must have been gained before losing it counts: less may be the luck of small batches. */
const GAIN = 2 / 3;

/** How many deviations of the noise the loss must stand above its start beside `factor`; have been gained; in standard errors, be lost. */
const NOISE = {grown: 1.5, gained: 2, lost: 6};

/** Largest ‖Δw‖ / ‖w‖ of a layer below which a smaller rate is no advice. */
const SMALL_STEPS = 1e-3;

/**
 * The loss grows beyond where it began, or takes back most of what it had gained.
 *
 *     m > factor · start · e^(1.5 σ)   or   m − best > lost · (start − best),
 *         where best < start / 3,  ln(start / best) > 2 σ  and  ln(m / best) > 6 · 1.2533 · σ · √(2/n)
 *
 * with m the median of the last epoch (n losses, at least 5, at most 25), so that one batch moves nothing, best the least m so far, and
 * σ = median |Δ ln loss| / 0.954 over these n losses, the noise of the batches: the least of many medians is partly luck. In 4 of 6
 * losses. Needs losses; with `updateStats`, advises a smaller rate only where a layer changes by more than 1e-3 of its size.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, lossDivergence} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [lossDivergence({factor: 5})]});
 * ```
 * @see Practice.
 */
export function lossDivergence(options: LossDivergenceOptions = {}): DiagnosisRule {
  const id = 'lossDivergence';
  const {factor, lost, ...window} = ruleOptions(id, options, {factor: 3, lost: 0.75, k: 4, n: 6, warmup: 5});
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const track = new LossTrack(run);
      const updates = new UpdateTrack(run);
      const watch = kOfN(window);
      return (event): readonly Finding[] => {
        updates.observe(event);
        if (track.observe(event) === undefined) return [];
        const {start, smooth, best, noise} = track;
        if (!(start > 0) || Number.isNaN(smooth)) return [];
        const gained = start - best;
        const high = factor * start * Math.exp(NOISE.grown * noise);
        const grown = smooth / high;
        const isGain = gained > GAIN * start && Math.log(start / best) > NOISE.gained * noise;
        const isLoss = Math.log(smooth / best) > NOISE.lost * track.error;
        const given = isGain && isLoss ? (smooth - best) / (lost * gained) : 0;
        const samples = watch({step: event.step, value: smooth, excess: Math.max(grown, given)});
        if (samples === undefined) return [];
        const from = grown > given ? `it began at ${inWords(start)}` : `it was down to ${inWords(best)}`;
        const isByRate = (updates.typical ?? Infinity) > SMALL_STEPS;
        const advice = isByRate
          ? 'A smaller rate, or clipped gradients, keep it down.'
          : 'Steps are small, so the data, or what the loss is made of, may be to blame rather than the rate.';
        return finding({
          severity: 'error',
          message: `The loss diverges: ${from}, and is ${inWords(smooth)} now. ${advice}`,
          quantity: 'median of the last losses',
          threshold: grown > given ? high : best + lost * gained,
          samples,
          ...(isByRate ? {} : {remedies: againstLargeGradients}),
        });
      };
    },
  });
}
