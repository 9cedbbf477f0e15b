import type {Alert, RunBeginEvent, TrainingEvent} from '@gradwire/core';

/** What a rule has found: an alert, but for the rule's name. */
export type Finding = Omit<Alert, 'rule'>;

/**
 * Recognises one illness in the events of a training: the contract that every rule implements, built in or your own.
 *
 * `begin` is called at each `runBegin` and returns a function that sees every event of that run after it, in order, and
 * returns what it finds at that event: mostly nothing. What it remembers lives in its closure, so that every run starts anew.
 *
 * Where it throws, or returns what is no list of findings, it is left out for the rest of the run, and an alert of the rule
 * `ruleFailed` says so. It does not see the alerts of the rules that it stands in one list with. A finding may have
 * `remedies` of its own.
 *
 * It must not depend on anything but the events: then a recorded training gives the alerts that the live one gave.
 *
 * @example
 * ```ts
 * import {diagnose, type DiagnosisRule} from '@gradwire/capture';
 * import type {TrainingEvent} from '@gradwire/core';
 *
 * const slowSteps: DiagnosisRule = {
 *   id: 'slowSteps',
 *   begin: () => (event) =>
 *     event.type === 'step' && event.duration > 1000
 *       ? [{severity: 'info', message: `Step ${event.step} took ${event.duration} ms.`}]
 *       : [],
 * };
 * const at = {run: 'r', step: 0, epoch: 0, time: 0};
 * const recorded: TrainingEvent[] = [
 *   {...at, type: 'runBegin', epochs: 1, parameters: [], transforms: [], metrics: [], optimizer: 'SGD', backend: 'cpu'},
 *   {...at, type: 'step', batch: 0, size: 32, learningRate: 0.1, duration: 1500},
 * ];
 * for await (const {rule, message} of diagnose(recorded, {rules: [slowSteps]})) console.log(rule, message);
 * ```
 */
export interface DiagnosisRule {
  /** What it recognises, in camelCase: the `rule` of its alerts. */
  readonly id: string;
  begin(run: RunBeginEvent): (event: TrainingEvent) => readonly Finding[];
}
