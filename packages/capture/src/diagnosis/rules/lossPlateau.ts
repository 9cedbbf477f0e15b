import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords} from '../finding.js';
import {LossTrack, MEDIAN_ERROR} from '../lossTrack.js';
import {median} from '../median.js';
import {ruleOptions} from '../ruleOptions.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link lossPlateau}. */
export interface LossPlateauOptions extends WindowOptions {
  /** By how much the loss must fall from one half of the window to the next, as a share of itself; > 0, default 0.01. */
  readonly improvement?: number;
  /** Share of the first loss that must be left for a plateau to be an illness; > 0, default 0.6. */
  readonly remaining?: number;
  /** Updates that one half of the window spans at least; a whole number >= 1, default 50. */
  readonly steps?: number;
}

/** How many times the threshold a loss must rise to be left to `lossDivergence`. */
const RISE = 10;

/** Shares of a half window between two judgements. */
const JUDGEMENTS = 5;

/** A half window as a share of all steps of the run, and the most steps that this makes of it. */
const SHARE = {ofRun: 0.1, most: 500};

/** Losses that a half window holds at least, where they are read rarely. */
const LEAST = 5;

/** Median absolute deviation of normal noise, times this, is its standard deviation. */
const NORMAL = 1.4826;

/**
 * The loss stands still at a level that is no result.
 *
 *     (m₁ − m₂) / |m₁| + se < improvement,  m₁, m₂ the medians of the two halves of the window,   and
 *     m₂ > remaining · loss at the start,   where  se = 1.2533 · √(s₁²/n₁ + s₂²/n₂) / |m₁|,  s = 1.4826 · median |loss − m|
 *
 * in 3 of 5 judgements, a fifth of a half window apart. With se, the standard error of the difference, even the most that the
 * noise of batches may hide is too little. A half window has a tenth of the steps of the run, at most 500, at least `steps`, and at least 5
 * losses. A net that has converged has left most of its first loss behind, and
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
      const ofRun = SHARE.ofRun * run.epochs * (run.stepsPerEpoch ?? 1);
      const shortest = Math.max(steps, Math.floor(Math.min(SHARE.most, ofRun)));
      const watch = kOfN(window);
      let recent: {step: number; loss: number}[] = [];
      let next = 0;
      let first: number | undefined;
      return (event): readonly Finding[] => {
        const loss = track.observe(event);
        if (loss === undefined) return [];
        const {step} = event;
        first ??= step;
        const half = Math.max(shortest, LEAST * (step - (recent.at(-1)?.step ?? step)));
        recent.push({step, loss});
        if (step < Math.max(next, first + 2 * half - 1)) return [];
        next = step + half / JUDGEMENTS;
        recent = recent.filter((one) => one.step > step - 2 * half);
        const before = recent.filter((one) => one.step <= step - half).map((one) => one.loss);
        const after = recent.filter((one) => one.step > step - half).map((one) => one.loss);
        if (Math.min(before.length, after.length) < 3) return [];
        const [start, level] = [median(before), median(after)];
        const fall = (start - level) / Math.abs(start);
        const value = fall + Math.hypot(errorOf(before, start), errorOf(after, level)) / Math.abs(start);
        const isMeant = track.start > 0 && level > remaining * track.start && fall > -RISE * improvement;
        const samples = watch({step, value, excess: isMeant ? excessOf(value, improvement) : 0});
        if (samples === undefined) return [];
        return finding({
          severity: 'warning',
          message:
            `The loss stands still at ${inWords(level)}: it began at ${inWords(track.start)}, and over the last ${half} steps it ` +
            `${fall < 0 ? 'rose' : 'fell'} by ${inWords(100 * Math.abs(fall))} %. It is stuck, or there is nothing left to learn.`,
          quantity: 'share by which the loss fell, and its standard error',
          threshold: improvement,
          samples,
        });
      };
    },
  });
}

/** Standard error of a median of noisy values. */
function errorOf(values: readonly number[], middle: number): number {
  const deviation = NORMAL * median(values.map((value) => Math.abs(value - middle)));
  return (MEDIAN_ERROR * deviation) / Math.sqrt(values.length);
}

/** 1 below the threshold, 1/2 up to twice that. */
function excessOf(value: number, threshold: number): number {
  if (value < threshold) return 1;
  return value < 2 * threshold ? 0.5 : 0;
}
