import type {DiagnosisRule} from '../diagnosisRule.js';
import {finding, inWords, onCapture} from '../finding.js';
import {median} from '../median.js';
import {ruleOptions} from '../ruleOptions.js';
import {kOfN, type WindowOptions} from '../window.js';

/** Options of {@link gradientSpike}. */
export interface GradientSpikeOptions extends WindowOptions {
  /** From which robust z-score on a norm is a spike; > 0, default 6. */
  readonly z?: number;
}

/** How many norms the level is taken from. */
const LEVEL = 50;

/** The least deviation of log norms: a spike is at least e^(0.3 z) times the level, six times by default. */
const LEAST = 0.3;

/**
 * Single batches have gradients far larger than those around them.
 *
 *     z = (ln ‖g‖₂ − median) / max(0.3, 1.48 · median |ln ‖g‖₂ − median|)
 *
 * of the joint norm, against the 50 samples before. A spike is where z rises above the threshold; fires at the second one within 100
 * samples. A level that rises and stays is one spike, and no illness. Needs `gradientStats`; spikes between two captures
 * are not seen.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, gradientSpike} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [gradientSpike({z: 10})]});
 * ```
 * @see Kumar et al. (2025), "ZClip", arXiv:2504.02507, which clips from z = 2.5 on; the medians and the logarithm keep the usual noise
 *   of small batches from being one.
 */
export function gradientSpike(options: GradientSpikeOptions = {}): DiagnosisRule {
  const id = 'gradientSpike';
  const {z, warmup, ...window} = ruleOptions(id, options, {z: 6, k: 2, n: 100, warmup: 10});
  return Object.freeze<DiagnosisRule>({
    id,
    begin() {
      const before: number[] = [];
      const watch = kOfN({...window, warmup: 0});
      let wasHigh = false;
      return onCapture('gradientStats', ({step, values}) => {
        const norm = Math.hypot(...Object.values(values).map((one) => one['norm'] ?? 0));
        const size = Math.log(norm);
        if (!Number.isFinite(size)) return [];
        const level = median(before.length > 0 ? before : [size]);
        const deviation =
          1.4826 * median(before.map((one) => Math.abs(one - level)).concat(before.length > 0 ? [] : 0));
        const score = (size - level) / Math.max(LEAST, deviation);
        const isKnown = before.length >= Math.max(1, warmup);
        before.push(size);
        if (before.length > LEVEL) before.shift();
        if (!isKnown) return [];
        const isRise = score >= z && !wasHigh;
        wasHigh = score >= z / 2;
        const samples = watch({step, value: score, excess: isRise ? score / z : 0});
        if (samples === undefined) return [];
        const spikes = samples.filter(({excess}) => excess >= 1);
        return finding({
          severity: 'warning',
          message:
            `Gradients spike: at step ${step} the norm was ${inWords(norm)}, where ${inWords(Math.exp(level))} is usual; ` +
            `${spikes.length} such steps so far. Batches with outliers, or a rate that is too large, do this.`,
          quantity: 'robust z-score of ln ‖g‖',
          threshold: z,
          samples: spikes,
        });
      });
    },
  });
}
