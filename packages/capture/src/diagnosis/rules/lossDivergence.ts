import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {LossTrack} from '../lossTrack.js';
import {ruleOptions} from '../ruleOptions.js';
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

/**
 * The loss grows beyond where it began, or takes back most of what it had gained.
 *
 *     m > factor · start   or   m − best > lost · (start − best),  where best < start / 3
 *
 * with m the median of the last epoch (at least 5, at most 25 losses), so that one batch moves nothing, and best the least m so far; in 4
 * of 6 losses. Needs losses.
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
      const watch = kOfN(window);
      return (event): readonly Finding[] => {
        if (track.observe(event) === undefined) return [];
        const {start, smooth, best} = track;
        if (!(start > 0) || Number.isNaN(smooth)) return [];
        const gained = start - best;
        const grown = smooth / (factor * start);
        const given = gained > GAIN * start ? (smooth - best) / (lost * gained) : 0;
        const samples = watch({step: event.step, value: smooth, excess: Math.max(grown, given)});
        if (samples === undefined) return [];
        const from = grown > given ? `it began at ${inWords(start)}` : `it was down to ${inWords(best)}`;
        return finding({
          severity: 'error',
          message: `The loss diverges: ${from}, and is ${inWords(smooth)} now. A smaller rate, or clipped gradients, keep it down.`,
          quantity: 'median of the last losses',
          threshold: grown > given ? factor * start : best + lost * gained,
          samples,
        });
      };
    },
  });
}
