import {type AlertEvent, describeValue, type RunBeginEvent, type TrainingEvent} from '@gradwire/core';
import type {DiagnosisRule, Finding} from './diagnosisRule.js';
import {remedyOffers} from './remedyOffers.js';

/** The `rule` of the alert that says that a rule is left out. */
export const RULE_FAILED = 'ruleFailed';

const SEVERITIES: ReadonlySet<unknown> = new Set<Finding['severity']>(['info', 'warning', 'error']);

/** One rule in one run: makes alerts of its findings, and bears with it when it fails. */
export class RuleRun {
  readonly #rule: DiagnosisRule;
  readonly #begin: RunBeginEvent;
  #judge: ReturnType<DiagnosisRule['begin']> | undefined;
  #isLeftOut = false;
  /** The remedy whose change waits for its effect, and whether this rule has found something since. */
  #trial: string | undefined;
  #hasFound = false;

  constructor(rule: DiagnosisRule, begin: RunBeginEvent) {
    this.#rule = rule;
    this.#begin = begin;
  }

  /**
   * The alerts at an event. At `runBegin` the rule begins, and has none unless it fails; so it does where a remedy has given parameters
   * new values, or has taken them back: what was before is no measure of what comes. What the rule has found of a change that is taken back
   * no longer holds: it begins anew then, too.
   */
  observe(event: TrainingEvent): AlertEvent[] {
    if (this.#isLeftOut) return [];
    const {id} = this.#rule;
    try {
      if (event.type === 'runBegin' || this.#isNewBeginning(event)) {
        this.#hasFound = false;
        const {step, epoch} = event;
        this.#judge = this.#rule.begin({...this.#begin, step, epoch});
        if (typeof this.#judge === 'function') return [];
        return this.#leaveOut(event, `began with ${described(this.#judge)}, which is no function`);
      }
      const found: unknown = this.#judge!(event);
      if (isFindings(found)) {
        if (found.length > 0) this.#hasFound = true;
        return found.map((one) => alertOf(event, id, one));
      }
      return this.#leaveOut(event, `returned ${described(found)}, which is no list of findings`);
    } catch (error) {
      return this.#leaveOut(event, `threw: ${messageOf(error)}`);
    }
  }

  #isNewBeginning(event: TrainingEvent): boolean {
    if (event.type !== 'remedy') return false;
    const {action, parameters, remedy} = event;
    if (action === 'applied' && this.#trial !== remedy) this.#hasFound = false;
    this.#trial = action === 'applied' ? remedy : undefined;
    if (action === 'undone') return parameters.length > 0 || this.#hasFound;
    return action === 'applied' && parameters.length > 0;
  }

  #leaveOut(event: TrainingEvent, why: string): AlertEvent[] {
    this.#isLeftOut = true;
    const message = `The rule '${this.#rule.id}' ${why}; it is left out for the rest of the run.`;
    return [alertOf(event, RULE_FAILED, {severity: 'warning', message})];
  }
}

/** A finding's own remedies go before those on offer; where and whose it is, it cannot say. */
function alertOf({run, step, epoch, time}: TrainingEvent, rule: string, found: Finding): AlertEvent {
  const remedies = Object.hasOwn(remedyOffers, rule) ? {remedies: remedyOffers[rule]!} : {};
  return Object.freeze<AlertEvent>({...remedies, ...found, type: 'alert', run, step, epoch, time, rule});
}

function isFindings(found: unknown): found is readonly Finding[] {
  return (
    Array.isArray(found) &&
    found.every((one: Partial<Finding> | null | undefined) => {
      return typeof one?.message === 'string' && SEVERITIES.has(one.severity);
    })
  );
}

/** What a rule returned instead. A promise that nobody awaits must not end the process when it is rejected. */
function described(returned: unknown): string {
  if (returned instanceof Promise) returned.catch(() => {});
  return describeValue(returned);
}

/** Without the full stop that may end it, as the sentence goes on. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : describeValue(error)).replace(/\.$/, '');
}
