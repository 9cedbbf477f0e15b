import type {DiagnosisRule} from '../diagnosisRule.js';
import {finding, inWords, latest} from '../finding.js';
import {distances, type KernelPair, kernelPairs, layersOf, pairKey} from '../graph.js';
import {ruleOptions} from '../ruleOptions.js';
import {eachKOfN} from '../window.js';

/** Options of {@link poorInitialization}. */
export interface PoorInitializationOptions {
  /** Largest healthy ratio between the deviations of two layers' outputs on one path; > 0, default 30. Between layers far apart, more is. */
  readonly forward?: number;
  /** Largest healthy ratio between the norms of two layers' gradients on one path; > 0, default 300. Between layers far apart, more is. */
  readonly backward?: number;
  /** How many of the first samples must be beyond it; a whole number >= 1, default 2. */
  readonly k?: number;
  /** How many samples at the beginning of the run are judged at all; a whole number >= `k`, default 3. */
  readonly n?: number;
}

/** What a layer may well make of the signal, and how much of that is healthy at most, however deep the net. */
const DEPTH = {perLayer: 1.6, most: 1000};

/**
 * The first forward and backward passes already make the signal far smaller, or far larger, from layer to layer.
 *
 *     max(σ last / σ first, σ first / σ last) > forward,  σ the deviation of what a layer returns,   or
 *     max(‖δ first‖ / ‖δ last‖, ‖δ last‖ / ‖δ first‖) > backward,  δ = ∂L/∂a
 *
 * for two hidden layers with kernels on one path, in 2 of the first 3 samples. For layers d kernels apart the limit is
 * min(1000, 1.6^d) where that is more. Pairs in whose first sample one of the two is exactly 0 are left out: branches that begin at
 * zero on purpose, and dead layers, which are for `deadUnits`. Later, training itself makes layers differ. Needs
 * `activationStats`, `backwardStats`, or both.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, poorInitialization} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [poorInitialization({forward: 10})]});
 * ```
 * @see SageMaker Debugger, PoorWeightInitialization, whose ratio of variances is 10: healthy relu layers by Glorot exceed that within seven
 *   layers. Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks".
 */
export function poorInitialization(options: PoorInitializationOptions = {}): DiagnosisRule {
  const id = 'poorInitialization';
  const {forward, backward, k, n} = ruleOptions(id, options, {forward: 30, backward: 300, k: 2, n: 3});
  const signals = [
    {capture: 'activationStats', quantity: 'std', limit: forward, what: 'outputs', label: 'σ last / σ first'},
    {
      capture: 'backwardStats',
      quantity: 'norm',
      limit: backward,
      what: 'gradients',
      label: '‖δ last‖ / ‖δ first‖',
    },
  ].map((signal) => Object.freeze(signal));
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const outputs = new Set(run.layers?.filter(({isOutput}) => isOutput).map(({name}) => name));
      const pairs =
        run.layers === undefined ? [] : kernelPairs(run).filter(({last}) => !outputs.has(last.layer));
      const watches = new Map(
        signals.map(({capture}) => [capture, eachKOfN<KernelPair>({k, n, warmup: 0}, pairKey)]),
      );
      const distance = distances(pairs);
      const skipped = new Set<string>();
      const seen = new Map<string, number>();
      const limitOf = (pair: KernelPair, least: number): number =>
        Math.max(least, Math.min(DEPTH.most, DEPTH.perLayer ** distance.get(pair)!));
      let isFound = false;
      return (event) => {
        const signal = event.type === 'capture' && signals.find(({capture}) => capture === event.capture);
        if (event.type !== 'capture' || !signal || isFound) return [];
        const {capture, step, values} = event;
        const {quantity, limit, what, label} = signal;
        seen.set(capture, (seen.get(capture) ?? 0) + 1);
        if (seen.get(capture)! > n) return [];
        const fired = watches.get(capture)!(
          pairs.flatMap((subject) => {
            const [first, last] = [subject.first, subject.last].map(
              ({layer}) => values[layer]?.[quantity] ?? Number.NaN,
            );
            const value = last! / first!;
            const key = `${capture}: ${pairKey(subject)}`;
            const isZero = first === 0 || last === 0;
            if (isZero && seen.get(capture) === 1) skipped.add(key);
            if (Number.isNaN(value) || skipped.has(key)) return [];
            return [{subject, step, value, excess: Math.max(value, 1 / value) / limitOf(subject, limit)}];
          }),
        );
        const [worst] = fired;
        if (worst === undefined) return [];
        isFound = true;
        const {subject, samples} = worst;
        const value = latest(samples);
        const [near, far] = value < 1 ? ['larger', 1 / value] : ['smaller', value];
        return finding({
          severity: 'warning',
          message:
            `From the start on, the ${what} of ${subject.first.layer} are ${inWords(far)} times ${near} than those of ` +
            `${subject.last.layer}: the initial weights do not keep the signal in range.`,
          layers: layersOf([subject]),
          quantity: label,
          threshold: limitOf(subject, limit),
          samples,
        });
      };
    },
  });
}
