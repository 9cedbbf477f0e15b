import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {LossTrack} from '../lossTrack.js';
import {median} from '../median.js';
import {ruleOptions} from '../ruleOptions.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link lossPlateau}. */
export interface LossPlateauOptions extends WindowOptions {
  /** By how much the loss must fall from one half of the window to the next, as a share of itself; > 0, default 0.01. */
  readonly improvement?: number;
  /** Share of the first loss that must be left for a plateau to be an illness; > 0, default 0.6. */
  readonly remaining?: number;
  /** Updates that one half of the window spans at least; a whole number >= 1, default 50. It spans two epochs at least. */
  readonly steps?: number;
}

/** How many times the threshold a loss must rise to be left to `lossDivergence`. */
const RISE = 10;

/** Shares of a half window between two judgements. */
const JUDGEMENTS = 5;

/**
 * The loss stands still at a level that is no result.
 *
 *     (m₁ − m₂) / |m₁| < improvement,  m₁, m₂ the medians of the two halves of the window,   and
 *     m₂ > remaining · loss at the start
 *
 * in 3 of 5 judgements, a fifth of a half window apart. A net that has converged has left most of its first loss behind, and
 * does not fire. What a constant prediction reaches cannot be told from events; it is mostly above 60 % of the first loss. So a task
 * whose noise is larger than that fires too, though nothing is wrong but the task. Needs losses; the more often they
 * are read, the better.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, lossPlateau} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [lossPlateau({steps: 500})]});
 * ```
 * @see SageMaker Debugger, LossNotDecreasing, which wants 0.1 % in 10 steps; the level is practice.
 */
export function lossPlateau(options: LossPlateauOptions = {}): DiagnosisRule {
  const id = 'lossPlateau';
  const defaults = {improvement: 0.01, remaining: 0.6, steps: 50, k: 3, n: 5, warmup: 0};
  const {improvement, remaining, steps, ...window} = ruleOptions(id, options, defaults);
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const track = new LossTrack(run);
      const half = Math.max(steps, 2 * (run.stepsPerEpoch ?? 1));
      const watch = kOfN(window);
      let recent: {step: number; loss: number}[] = [];
      let next = 0;
      let last: number | undefined;
      return (event): readonly Finding[] => {
        const loss = track.observe(event);
        if (loss === undefined) return [];
        const {step} = event;
        last ??= step;
        recent.push({step, loss});
        if (step < Math.max(next, last + 2 * half - 1)) return [];
        next = step + half / JUDGEMENTS;
        recent = recent.filter((one) => one.step > step - 2 * half);
        const before = recent.filter((one) => one.step <= step - half).map((one) => one.loss);
        const after = recent.filter((one) => one.step > step - half).map((one) => one.loss);
        if (Math.min(before.length, after.length) < 3) return [];
        const level = median(after);
        const value = (median(before) - level) / Math.abs(median(before));
        const isHigh = track.start > 0 && level > remaining * track.start;
        const samples = watch({step, value, excess: isHigh ? excessOf(value, improvement) : 0});
        if (samples === undefined) return [];
        return finding({
          severity: 'warning',
          message:
            `The loss stands still at ${inWords(level)}: it began at ${inWords(track.start)}, and over the last ${half} steps it fell by ` +
            `${inWords(100 * Math.max(0, value))} %.`,
          quantity: 'share by which the loss fell',
          threshold: improvement,
          samples,
        });
      };
    },
  });
}

/** 1 below the threshold, 1/2 up to twice that; 0 where the loss rises by far more than it should fall: that is no plateau. */
function excessOf(value: number, threshold: number): number {
  if (value < -RISE * threshold) return 0;
  if (value < threshold) return 1;
  return value < 2 * threshold ? 0.5 : 0;
}
