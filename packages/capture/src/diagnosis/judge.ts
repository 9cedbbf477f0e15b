import {
  type AlertEvent,
  describeValue,
  requireOptions,
  type RunBeginEvent,
  type TrainingEvent,
} from '@gradwire/core';
import {builtInRules} from './builtInRules.js';
import type {DiagnosisRule} from './diagnosisRule.js';
import {Finiteness} from './finiteness.js';
import {remedyOffers} from './remedyOffers.js';
import {RULE_FAILED, RuleRun} from './ruleRun.js';

/** Options of `diagnose` and `diagnosis`. */
export interface DiagnosisOptions {
  /** What to look for; default `builtInRules()`. */
  readonly rules?: readonly DiagnosisRule[];
}

/** Built-in rules that make something of values that are not finite. */
const BEARS_NAN: ReadonlySet<string> = new Set(['nonFinite']);

/**
 * A function that sees all events in order and returns the alerts at each: one code path for live and recorded trainings.
 *
 * - Each run, told by `event.run`, has its own observers, from its `runBegin` to its `runEnd`; events of other runs are passed over.
 * - No rule sees alerts of these rules: live, they come back in the trainer's stream, recorded, they stand in the file.
 * - A rule that throws, or returns what is no list of findings, is left out for the rest of the run; an alert `ruleFailed` says so.
 * - Where a remedy has given parameters new values, or has taken them back, all rules begin anew: what was before is no measure of what comes.
 * - While something is not finite, built-in rules other than `nonFinite` see nothing: what they would find are its consequences.
 *
 * @param where name of the function whose options these are.
 * @throws TypeError if `options` is no object, has an unknown key, or `rules` is not a list of rules.
 * @throws Error if two rules have the same id.
 */
export function judgeOf(where: string, options: DiagnosisOptions): (event: TrainingEvent) => AlertEvent[] {
  const rules = requireRules(where, options);
  const own = new Set([RULE_FAILED, ...rules.map(({id}) => id)]);
  const runs = new Map<string, (event: TrainingEvent) => AlertEvent[]>();
  return (event) => {
    if (event.type === 'alert' && own.has(event.rule)) return [];
    if (event.type === 'runBegin') runs.set(event.run, judgeRun(rules, event));
    const alerts = runs.get(event.run)?.(event) ?? [];
    if (event.type === 'runEnd') runs.delete(event.run);
    return alerts;
  };
}

/** The judge of one run; is called with its `runBegin` first. */
function judgeRun(
  rules: readonly DiagnosisRule[],
  begin: RunBeginEvent,
): (event: TrainingEvent) => AlertEvent[] {
  const finiteness = new Finiteness();
  const ruleRuns = rules.map((rule) => ({
    run: new RuleRun(rule, begin),
    pauses: Object.hasOwn(remedyOffers, rule.id) && !BEARS_NAN.has(rule.id),
  }));
  return (event) => {
    finiteness.observe(event);
    // What remedies do reaches paused rules too: they may have to begin anew.
    const isPause = finiteness.isBroken && event.type !== 'remedy';
    return ruleRuns.flatMap(({run, pauses}) => (pauses && isPause ? [] : run.observe(event)));
  };
}

function requireRules(where: string, options: DiagnosisOptions): readonly DiagnosisRule[] {
  const {rules = builtInRules()} = requireOptions(where, options, {rules: '[vanishingGradients()]'});
  if (!Array.isArray(rules))
    throw new TypeError(`${where}: rules must be a list, got ${describeValue(rules)}.`);
  for (const rule of rules as readonly Partial<DiagnosisRule>[]) {
    if (typeof rule?.id === 'string' && typeof rule.begin === 'function') continue;
    const hint = typeof rule === 'function' ? ' Was it not called?' : '';
    throw new TypeError(`${where}: rules must have id and begin, got ${describeValue(rule)}.${hint}`);
  }
  const ids = (rules as readonly DiagnosisRule[]).map(({id}) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice === undefined) return rules as readonly DiagnosisRule[];
  throw new Error(`${where}: two rules have the id '${twice}'; alerts could not tell them apart.`);
}
