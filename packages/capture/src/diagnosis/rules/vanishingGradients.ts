import type {DiagnosisRule} from '../diagnosisRule.js';
import {finding, inWords, latest, onCapture} from '../finding.js';
import {kernelPairs, layersOf, outermost, pairKey, rmsOf} from '../graph.js';
import {LossTrack} from '../lossTrack.js';
import {ruleOptions} from '../ruleOptions.js';
import {eachKOfN, type WindowOptions} from '../window.js';

/** Options of {@link vanishingGradients}. */
export interface VanishingGradientsOptions extends WindowOptions {
  /** Smallest healthy ratio between the gradients at the two ends of a path; > 0, default 1e-3. */
  readonly ratio?: number;
  /** Below this, in units of the gradient, even the larger of the two counts as vanished while the loss stands still; > 0, default 1e-7. */
  readonly floor?: number;
}

/**
 * The first layers of a path get next to no gradient, compared with the last.
 *
 *     ‖g first‖₂/√n first < ratio · ‖g last‖₂/√n last
 *
 * for the kernels at the two ends of a path through the graph, in 3 of 5 samples. Branches are not compared with each other; biases
 * and scales are left out, and gradients that are exactly 0 are for `frozenParameters`. As a backstop, gradients that are below `floor` at both ends while 90 % of the first loss is still
 * there. Needs `gradientStats`. Where `backwardStats` shows that the signal itself grows on its way back, it is not the gradient that
 * vanishes, but the outputs that grow, which `poorInitialization` tells.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, vanishingGradients} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [vanishingGradients({ratio: 1e-4, k: 5, n: 8})]});
 * ```
 * @see Zhang et al. (2021), AUTOTRAINER, whose ratio of the norms is 1e-3; SageMaker Debugger, VanishingGradient, for the floor.
 */
export function vanishingGradients(options: VanishingGradientsOptions = {}): DiagnosisRule {
  const id = 'vanishingGradients';
  const {ratio, floor, ...window} = ruleOptions(id, options, {
    ratio: 1e-3,
    floor: 1e-7,
    k: 3,
    n: 5,
    warmup: 1,
  });
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const pairs = outermost(kernelPairs(run));
      const loss = new LossTrack(run);
      const watch = eachKOfN(window, pairKey);
      const flowing = new Map<string, number>();
      const judge = onCapture('gradientStats', ({step, values}) => {
        const fired = watch(
          pairs.flatMap((subject) => {
            const [first, last] = [rmsOf(subject.first, values), rmsOf(subject.last, values)];
            const value = first / last;
            if (!Number.isFinite(value) || value === 0) return [];
            const grows =
              (flowing.get(subject.first.layer) ?? 0) > (flowing.get(subject.last.layer) ?? Infinity);
            if (grows) return [{subject, step, value, excess: 0}];
            const fallen = loss.remaining > 0.9 && last < floor ? floor / last : 0;
            return [{subject, step, value, excess: Math.max(ratio / value, fallen)}];
          }),
        );
        if (fired.length === 0) return [];
        const [{subject, samples}] = fired as [(typeof fired)[number]];
        const {first, last} = subject;
        const share = latest(samples);
        const isEverywhere = share > ratio;
        const message = isEverywhere
          ? `The gradient is next to nothing from ${last.label} back to ${first.label}, and the loss stands still.`
          : `The gradient vanishes on its way back: at ${first.label} it is ${inWords(share)} times as large as at ` +
            `${last.label}, so that ${first.label} hardly learns.`;
        return finding({
          severity: 'warning',
          message,
          layers: layersOf(fired.map((one) => one.subject)),
          quantity: '(‖g first‖/√n) / (‖g last‖/√n)',
          threshold: ratio,
          samples,
        });
      });
      return (event) => {
        loss.observe(event);
        if (event.type === 'capture' && event.capture === 'backwardStats') {
          for (const [key, {norm = 0}] of Object.entries(event.values)) flowing.set(key, norm);
        }
        return judge(event);
      };
    },
  });
}
