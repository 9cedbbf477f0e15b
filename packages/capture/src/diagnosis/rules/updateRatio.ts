import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords, latest, listed, onCapture} from '../finding.js';
import {kernelsOf} from '../graph.js';
import {LossTrack} from '../lossTrack.js';
import {ruleOptions} from '../ruleOptions.js';
import {eachKOfN, kOfN, type WindowOptions} from '../window.js';

/** Options of {@link updateRatio}. */
export interface UpdateRatioOptions extends WindowOptions {
  /** Largest healthy ratio of an update to its kernel; > 0, default 0.1. */
  readonly large?: number;
  /** Smallest healthy ratio, of the kernel that moves most; > 0, default 1e-5. */
  readonly small?: number;
  /** Updates at the beginning of a run that are not judged: there, steps may well be large; a whole number >= 1, default 20. */
  readonly steps?: number;
}

/**
 * Steps are too large, or too small, for the weights that they change.
 *
 *     ‖Δw‖₂ / ‖w‖₂ > large   for a kernel, or   max over kernels of ‖Δw‖₂ / ‖w‖₂ < small
 *
 * in 6 of 8 samples after the first 20 steps. Too small is judged only while the loss is between half and twice the first: at the end of a training small
 * steps are right, and one that has diverged has other troubles. Nor is it where `gradientStats` shows that all kernels have a gradient
 * of exactly 0, which is for `frozenParameters`. Single kernels that move too little are found by `vanishingGradients`. Needs `updateStats`.
 *
 * @throws RangeError if an option is out of range, or `small` not below `large`.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, updateRatio} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [updateRatio({large: 0.5})]});
 * ```
 * @see Karpathy, CS231n: about 1e-3 is healthy; here, two orders of magnitude to both sides of it. SageMaker Debugger,
 *   WeightUpdateRatio, has 10 and 1e-8.
 */
export function updateRatio(options: UpdateRatioOptions = {}): DiagnosisRule {
  const id = 'updateRatio';
  const {large, small, steps, ...window} = ruleOptions(id, options, {
    large: 0.1,
    small: 1e-5,
    steps: 20,
    k: 6,
    n: 8,
    warmup: 0,
  });
  if (small >= large) throw new RangeError(`${id}: small must be < large, which is ${large}, got ${small}.`);
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const kernels = kernelsOf(run).flatMap(({layer, label, parameters}) =>
        parameters.map((name) => ({layer, label, name})),
      );
      let hasGradient = true;
      const loss = new LossTrack(run);
      const watchLarge = eachKOfN<(typeof kernels)[number]>(window, ({name}) => name);
      const watchSmall = kOfN(window);
      const judge = onCapture('updateStats', ({step, values}): readonly Finding[] => {
        if (step < run.step + steps) return [];
        const samples = kernels.flatMap((subject) => {
          const value = values[subject.name]?.['ratio'] ?? Number.NaN;
          return Number.isFinite(value) ? [{subject, step, value, excess: value / large}] : [];
        });
        if (samples.length === 0) return [];
        const most = Math.max(...samples.map(({value}) => value));
        const tooLarge = watchLarge(samples);
        const tooSmall = watchSmall({
          step,
          value: most,
          excess: most > 0 && hasGradient && loss.remaining > 0.5 && loss.remaining < 2 ? small / most : 0,
        });
        const [worst] = tooLarge;
        if (worst !== undefined) {
          const layers = tooLarge.map(({subject}) => subject.layer);
          return finding({
            severity: 'warning',
            message:
              `Steps are too large: each changes ${listed(tooLarge.map(({subject}) => subject.label))} by up to ${inWords(100 * latest(worst.samples))} % of its size, ` +
              'where a tenth of a percent is usual.',
            layers,
            quantity: '‖Δw‖ / ‖w‖',
            threshold: large,
            samples: worst.samples,
          });
        }
        if (tooSmall === undefined) return [];
        return finding({
          severity: 'warning',
          message:
            `Steps are too small: no kernel changes by more than ${inWords(latest(tooSmall))} of its size per step, ` +
            'where 0.001 is usual, and the loss is not yet down.',
          layers: kernels.map(({layer}) => layer),
          quantity: 'largest ‖Δw‖ / ‖w‖',
          threshold: small,
          samples: tooSmall,
        });
      });
      return (event) => {
        loss.observe(event);
        if (event.type === 'capture' && event.capture === 'gradientStats')
          hasGradient = kernels.some(({name}) => event.values[name]?.['norm'] !== 0);
        return judge(event);
      };
    },
  });
}
