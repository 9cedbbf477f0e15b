import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, listed} from '../finding.js';
import {inSentence} from '../graph.js';
import {LossTrack} from '../lossTrack.js';
import {againstLargeSteps} from '../remedyOffers.js';
import {ruleOptions} from '../ruleOptions.js';
import {eachKOfN, type WindowOptions} from '../window.js';

/** Options of {@link frozenParameters}: the window. */
export type FrozenParametersOptions = WindowOptions;

/**
 * Parameters that are to be trained, but do not change at all, or get no gradient.
 *
 *     Δw = 0 exactly,  or  g = 0 exactly,  or no g
 *
 * in 5 samples in a row; those at a learning rate of 0 do not count. Only what the captures measure is judged: a name that
 * `gradientStats` does not list has no gradient where it was listed before in the run; otherwise it may not be selected. What has changed before is not judged once the loss is below a tenth of its start: there, updates may well
 * fall below the precision of float32. Needs `updateStats` or `gradientStats`, better both.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, frozenParameters} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [frozenParameters({k: 10, n: 10})]});
 * ```
 * @see SageMaker Debugger, UnchangedTensor, which asks `numpy.allclose`.
 */
export function frozenParameters(options: FrozenParametersOptions = {}): DiagnosisRule {
  const id = 'frozenParameters';
  const window = ruleOptions(id, options, {k: 5, n: 5, warmup: 0});
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const names = run.parameters.map(({name}) => name);
      const layerOf = new Map(
        run.layers?.flatMap(({name, parameters}) => parameters.map((own) => [own, name])),
      );
      const loss = new LossTrack(run);
      const watch = eachKOfN<string>(window, (name) => name);
      const moved = new Set<string>();
      const withGradient = new Set<string>();
      let withoutGradient: ReadonlySet<string> = new Set();
      let rate = Number.NaN;
      let judgesUpdates = false;
      let judgedStep = -1;
      return (event): readonly Finding[] => {
        loss.observe(event);
        if (event.type === 'step') rate = event.learningRate;
        if (event.type !== 'capture') return [];
        const {capture, step, values} = event;
        if (capture === 'gradientStats') {
          for (const name in values) withGradient.add(name);
          withoutGradient = new Set(
            names.filter((name) => withGradient.has(name) && (values[name]?.['norm'] ?? 0) === 0),
          );
          if (judgesUpdates) return [];
        } else if (capture === 'updateStats') judgesUpdates = true;
        else return [];
        if (step === judgedStep || rate === 0) return [];
        judgedStep = step;
        const isStill = (name: string): boolean =>
          withoutGradient.has(name) || (judgesUpdates && values[name]?.['norm'] === 0);
        const measured = names.filter((name) => name in values || withGradient.has(name));
        const fired = watch(
          measured.map((subject) => {
            const isFrozen = isStill(subject);
            if (!isFrozen) moved.add(subject);
            const counts = isFrozen && !(moved.has(subject) && loss.remaining < 0.1);
            return {subject, step, value: isFrozen ? 0 : 1, excess: counts ? 1 : 0};
          }),
        );
        const [worst] = fired;
        if (worst === undefined) return [];
        const frozen = fired.map(({subject}) => subject);
        const isOne = frozen.length === 1;
        const how = frozen.every((name) => withoutGradient.has(name))
          ? `${isOne ? 'gets' : 'get'} no gradient`
          : `${isOne ? 'does' : 'do'} not change`;
        const who = listed(frozen.map((name) => inSentence(run, name)));
        const isAll = measured.length > 1 && measured.every((name) => withoutGradient.has(name));
        const message = isAll
          ? 'No parameter gets a gradient: the loss is clipped, or saturated. A rate that is too large, or inputs that are not scaled, do this.'
          : `${who} ${how}, although ${isOne ? 'it is' : 'they are'} to be trained.`;
        return finding({
          severity: 'warning',
          message,
          ...(isAll ? {remedies: againstLargeSteps} : {}),
          layers: frozen.map((name) => layerOf.get(name) ?? name),
          quantity: 'whether the parameter changes and has a gradient (1) or not (0)',
          threshold: 1,
          samples: worst.samples,
        });
      };
    },
  });
}
