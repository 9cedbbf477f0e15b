import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, layerOfKey, listed} from '../finding.js';
import {Finiteness} from '../finiteness.js';
import {inSentence} from '../graph.js';
import {ruleOptions} from '../ruleOptions.js';

/**
 * Something is NaN or infinite: a loss, gradients, weights, updates, activations.
 *
 * Fires at the first such value, without warm-up, and not again until what was broken is finite once more. A loss that the trainer
 * has reported already, as `nonFiniteLoss`, is not reported again. Sees losses, and what `gradientStats`, `weightStats`,
 * `updateStats`, `activationStats` and `backwardStats` measure. The ratio of an update to weights that are 0 is infinite for good
 * reasons. While something is broken, the other built-in rules pause: zeros may then be but what relu makes of NaN.
 *
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, nonFinite} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [nonFinite()]});
 * ```
 * @see SageMaker Debugger, ExplodingTensor.
 */
export function nonFinite(options: Readonly<Record<never, never>> = {}): DiagnosisRule {
  const id = 'nonFinite';
  ruleOptions(id, options, {});
  return Object.freeze<DiagnosisRule>({
    id,
    begin(run) {
      const {layers = []} = run;
      const layerOf = new Map(layers.flatMap(({name, parameters}) => parameters.map((own) => [own, name])));
      const finiteness = new Finiteness();
      return (event): readonly Finding[] => {
        const broken = finiteness.observe(event);
        if (broken === undefined) return [];
        const {source, subjects, value} = broken;
        const isLoss = source === 'loss';
        const what = isLoss
          ? `The ${subjects.join(' and the ')}`
          : `What ${source} measures at ${listed(subjects.map((key) => inSentence(run, key)))}`;
        return finding({
          severity: 'error',
          message: `${what} is ${value}: from here on the training computes with values that mean nothing.`,
          ...(isLoss ? {} : {layers: subjects.map((key) => layerOf.get(key) ?? layerOfKey(key))}),
          quantity: source,
          threshold: Infinity,
          samples: [{step: event.step, value, excess: Infinity}],
        });
      };
    },
  });
}
