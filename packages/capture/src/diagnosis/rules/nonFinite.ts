import type {TrainingEvent} from '@gradwire/core';
import type {DiagnosisRule, Finding} from '../diagnosisRule.js';
import {finding, layerOfKey, listed} from '../finding.js';
import {ruleOptions} from '../ruleOptions.js';

/** What is infinite for good reasons: the ratio of an update to weights that are 0. */
const MAY_BE_INFINITE = 'ratio';

/**
 * Something is NaN or infinite: a loss, gradients, weights, updates, activations.
 *
 * Fires at the first such value, without warm-up, and not again until what was broken is finite once more. A loss that the trainer
 * has reported already, as `nonFiniteLoss`, is not reported again. Sees losses, and what `gradientStats`, `weightStats`,
 * `updateStats`, `activationStats` and `backwardStats` measure.
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
    begin({layers = []}) {
      const layerOf = new Map(layers.flatMap(({name, parameters}) => parameters.map((own) => [own, name])));
      const broken = new Set<string>();
      return (event): readonly Finding[] => {
        if (event.type === 'alert' && event.rule === 'nonFiniteLoss') broken.add('loss');
        const seen = lookAt(event);
        if (seen === undefined) return [];
        const {source, bad, value} = seen;
        const isNew = bad.length > 0 && broken.size === 0;
        if (bad.length > 0) broken.add(source);
        else broken.delete(source);
        if (!isNew) return [];
        const what =
          source === 'loss' ? `The ${bad.join(' and the ')}` : `What ${source} measures at ${listed(bad)}`;
        return finding({
          severity: 'error',
          message: `${what} is ${value}: from here on the training computes with values that mean nothing.`,
          ...(source === 'loss' ? {} : {layers: bad.map((key) => layerOf.get(key) ?? layerOfKey(key))}),
          quantity: source,
          threshold: Infinity,
          samples: [{step: event.step, value, excess: Infinity}],
        });
      };
    },
  });
}

/** What an event has to say: where the values come from, which are not finite, and the first of these. */
function lookAt(event: TrainingEvent): {source: string; bad: string[]; value: number} | undefined {
  if (event.type === 'step' && event.loss === undefined) return undefined;
  const measured: [string, number][] | undefined =
    event.type === 'step'
      ? [['loss', event.loss!]]
      : event.type === 'epochEnd'
        ? ['loss', 'val_loss'].filter((key) => key in event.logs).map((key) => [key, event.logs[key]!])
        : event.type === 'capture'
          ? Object.entries(event.values).flatMap(([subject, quantities]) =>
              Object.entries(quantities)
                .filter(([quantity]) => quantity !== MAY_BE_INFINITE)
                .map(([, value]): [string, number] => [subject, value]),
            )
          : undefined;
  const bad = measured?.filter(([, value]) => !Number.isFinite(value));
  if (bad === undefined) return undefined;
  return {
    source: event.type === 'capture' ? event.capture : 'loss',
    bad: [...new Set(bad.map(([subject]) => subject))],
    value: bad[0]?.[1] ?? 0,
  };
}
