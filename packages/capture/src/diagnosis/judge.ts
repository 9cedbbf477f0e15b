import {type AlertEvent, describeValue, requireOptions, type TrainingEvent} from '@gradwire/core';
import {builtInRules} from './builtInRules.js';
import type {DiagnosisRule} from './diagnosisRule.js';
import {remedyOffers} from './remedyOffers.js';

/** Options of `diagnose` and `diagnosis`. */
export interface DiagnosisOptions {
  /** What to look for; default `builtInRules()`. */
  readonly rules?: readonly DiagnosisRule[];
}

/**
 * A function that sees all events in order and returns the alerts at each: one code path for live and recorded trainings.
 * Events before the first `runBegin` are passed over.
 *
 * @param where name of the function whose options these are.
 * @throws TypeError if `options` is no object, has an unknown key, or `rules` is not a list of rules.
 */
export function judgeOf(where: string, options: DiagnosisOptions): (event: TrainingEvent) => AlertEvent[] {
  const {rules = builtInRules()} = requireOptions(where, options, {rules: '[vanishingGradients()]'});
  if (!Array.isArray(rules))
    throw new TypeError(`${where}: rules must be a list, got ${describeValue(rules)}.`);
  for (const rule of rules as readonly Partial<DiagnosisRule>[]) {
    if (typeof rule?.id === 'string' && typeof rule.begin === 'function') continue;
    const hint = typeof rule === 'function' ? ' Was it not called?' : '';
    throw new TypeError(`${where}: rules must have id and begin, got ${describeValue(rule)}.${hint}`);
  }
  let observers: {id: string; observe: ReturnType<DiagnosisRule['begin']>}[] = [];
  return (event) => {
    if (event.type === 'runBegin') {
      observers = (rules as readonly DiagnosisRule[]).map((rule) => ({
        id: rule.id,
        observe: rule.begin(event),
      }));
      return [];
    }
    const {run, step, epoch, time} = event;
    return observers.flatMap(({id, observe}) =>
      observe(event).map((found) => {
        const remedies = Object.hasOwn(remedyOffers, id) ? {remedies: remedyOffers[id]!} : {};
        return Object.freeze<AlertEvent>({
          type: 'alert',
          run,
          step,
          epoch,
          time,
          rule: id,
          ...remedies,
          ...found,
        });
      }),
    );
  };
}
