import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, inWords, latest} from '../finding.js';
import {kernelPairs, kernelsOf, layersOf, outermost, pairKey, rmsOf} from '../graph.js';
import {LossTrack} from '../lossTrack.js';
import {ruleOptions} from '../ruleOptions.js';
import {eachKOfN, type WindowOptions} from '../window.js';

/** Options of {@link explodingGradients}. */
export interface ExplodingGradientsOptions extends WindowOptions {
  /** Largest healthy ratio between the gradients at the two ends of a path; > 0, default 50. */
  readonly ratio?: number;
  /** Largest healthy ratio between the gradient of a kernel and the kernel; > 0, default 100. */
  readonly toWeights?: number;
  /** Largest healthy ‖g‖ · ‖w‖ / |loss|, by how much the loss changes with the scale of a kernel; > 0, default 30. */
  readonly elasticity?: number;
}

/**
 * The gradient grows on its way back, or is far larger than the weights that it is to change.
 *
 *     ‖g first‖₂/√n first > ratio · ‖g last‖₂/√n last   or   ‖g‖₂ > toWeights · ‖w‖₂  and  ‖g‖₂ · ‖w‖₂ > elasticity · |loss|
 *
 * the first for the kernels at the two ends of a path through the graph, the second for every kernel, in 3 of 5 samples. In the
 * second, growth through time shows too; its other half, which has no unit, keeps losses of large numbers apart. Needs `gradientStats`; the
 * second also losses, and `weightStats`, or `updateStats`, where
 * ‖w‖ = ‖Δw‖ / ratio.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, explodingGradients} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [explodingGradients({ratio: 1000})]});
 * ```
 * @see Zhang et al. (2021), AUTOTRAINER, whose ratio of the norms is 70; the ratio to the weights is practice.
 */
export function explodingGradients(options: ExplodingGradientsOptions = {}): DiagnosisRule {
  const id = 'explodingGradients';
  const {ratio, toWeights, elasticity, ...window} = ruleOptions(id, options, {
    ratio: 50,
    toWeights: 100,
    elasticity: 30,
    k: 3,
    n: 5,
    warmup: 1,
  });
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const kernels = kernelsOf(run);
      const pairs = outermost(kernelPairs(run));
      const loss = new LossTrack(run);
      const weights = new Map<string, number>();
      const watchPairs = eachKOfN(window, pairKey);
      const watchKernels = eachKOfN<(typeof kernels)[number]>(window, ({layer}) => layer);
      const common = {severity: 'warning', threshold: ratio} as const;
      return (event): readonly Finding[] => {
        loss.observe(event);
        if (event.type !== 'capture') return [];
        const {capture, step, values} = event;
        if (capture === 'weightStats' || capture === 'updateStats') {
          for (const [name, {norm = 0, ratio: moved = 1}] of Object.entries(values)) {
            const size = capture === 'weightStats' ? norm : norm / moved;
            if (size > 0 && Number.isFinite(size)) weights.set(name, size);
          }
        }
        if (capture !== 'gradientStats') return [];
        const grown = watchPairs(
          pairs.flatMap((subject) => {
            const value = rmsOf(subject.first, values) / rmsOf(subject.last, values);
            return Number.isFinite(value) ? [{subject, step, value, excess: value / ratio}] : [];
          }),
        );
        const large = watchKernels(
          kernels.flatMap((subject) => {
            const size = Math.hypot(...subject.parameters.map((name) => weights.get(name) ?? Number.NaN));
            const norm = rmsOf(subject, values) * Math.sqrt(subject.size);
            const level = Math.abs(Number.isNaN(loss.smooth) ? loss.start : loss.smooth);
            const value = norm / size;
            const excess = Math.min(value / toWeights, (norm * size) / level / elasticity);
            return Number.isFinite(value) && !Number.isNaN(excess) ? [{subject, step, value, excess}] : [];
          }),
        );
        const [depth] = grown;
        const [kernel] = large;
        if (depth !== undefined) {
          const {subject, samples} = depth;
          return finding({
            ...common,
            message:
              `The gradient grows on its way back: at ${subject.first.label} it is ${inWords(latest(samples))} times as large as at ` +
              `${subject.last.label}.`,
            layers: [...layersOf(grown.map((one) => one.subject)), ...large.map((one) => one.subject.layer)],
            quantity: '(‖g first‖/√n) / (‖g last‖/√n)',
            samples,
          });
        }
        if (kernel === undefined) return [];
        return finding({
          ...common,
          message: `The gradient of ${kernel.subject.label} is ${inWords(latest(kernel.samples))} times as large as its weights.`,
          layers: large.map((one) => one.subject.layer),
          quantity: '‖g‖ / ‖w‖',
          threshold: toWeights,
          samples: kernel.samples,
        });
      };
    },
  });
}
