import type {AlertEvent, TrainingEvent} from '@gradwire/core';
import type {LiveTraining, TrainerServices, TrainingSnapshot} from '@gradwire/trainer';
import {joined} from './joined.js';
import {effectOf, LossWindow} from './lossWindow.js';
import type {ActiveTreatment, Treatment} from './treatment.js';

/** What {@link AlertResponse} does: the arguments of `onAlert`. */
export interface AlertResponseSettings {
  readonly name: string;
  readonly rules: ReadonlySet<string>;
  readonly treatments: readonly Treatment[];
  readonly undo: boolean;
  readonly after: number;
  readonly times: number;
}

/** A change that waits for its effect. */
interface Trial {
  readonly before: readonly number[];
  readonly since: LossWindow;
  steps: number;
  readonly reason: string;
  readonly parameters: readonly string[];
  readonly snapshot: TrainingSnapshot | undefined;
}

/** Alerts of a loss that is gone: no time to wait. */
const LOST: ReadonlySet<string> = new Set(['nonFinite', 'nonFiniteLoss']);

/** Answers alerts with treatments, and judges what came of them: one remedy of one trainer. */
export class AlertResponse {
  #active: readonly ActiveTreatment[] = [];
  readonly #losses: LossWindow;
  #trial: Trial | undefined;
  #queued: AlertEvent | undefined;
  /** The remedy, this one or another, whose change waits for its effect. */
  #busy: string | undefined;
  #times = 0;
  /** Steps that have to pass before it acts again. */
  #pause = 0;
  #lastPause = 0;

  constructor(
    private readonly settings: AlertResponseSettings,
    private readonly services: TrainerServices,
  ) {
    this.#losses = new LossWindow(settings.after);
  }

  observe(event: TrainingEvent): void {
    if (event.type === 'runBegin') this.#begin();
    for (const treatment of this.#active) treatment.observe?.(event);
    if (event.type === 'step') this.#step(event.loss);
    else if (event.type === 'remedy') this.#coordinate(event.remedy, event.action);
    else if (event.type === 'alert') this.#hear(event);
    else if (event.type === 'runEnd') this.end();
  }

  end(): void {
    this.#trial?.snapshot?.dispose();
    this.#trial = undefined;
    for (const treatment of this.#active) treatment.end?.();
    this.#active = [];
  }

  #begin(): void {
    this.end();
    this.#active = this.settings.treatments.map((treatment) => treatment.begin(this.services));
    this.#losses.clear();
    this.#queued = undefined;
    this.#busy = undefined;
    this.#times = 0;
    this.#pause = 0;
    this.#lastPause = 0;
  }

  #step(loss: number | undefined): void {
    if (loss !== undefined) this.#losses.push(loss);
    if (this.#pause > 0) this.#pause--;
    if (this.#trial === undefined) {
      if (this.#queued !== undefined) this.#ask();
      return;
    }
    this.#trial.steps++;
    if (loss !== undefined) this.#trial.since.push(loss);
    if (this.#trial.steps >= this.settings.after) this.#judge(this.#trial);
  }

  /** One remedy at a time: what two have done at once could not be told apart, nor be undone. */
  #coordinate(remedy: string, action: string): void {
    if (action === 'applied') this.#busy = remedy;
    else if (remedy === this.#busy && (action === 'kept' || action === 'undone')) this.#busy = undefined;
  }

  #hear(alert: AlertEvent): void {
    if (this.#trial !== undefined && this.settings.undo && LOST.has(alert.rule)) {
      this.#trial.since.push(Number.NaN);
      this.#judge(this.#trial);
      return;
    }
    if (!this.settings.rules.has(alert.rule) || alert.severity === 'info') return;
    if (this.#times >= this.settings.times) return;
    this.#queued = alert;
    this.#ask();
  }

  #ask(): void {
    this.services.betweenSteps((training) => {
      const alert = this.#queued;
      if (alert === undefined || this.#busy !== undefined || this.#pause > 0) return;
      this.#queued = undefined;
      this.#treat(training, alert);
    });
  }

  #treat(training: LiveTraining, alert: AlertEvent): void {
    const {name, undo, after} = this.settings;
    const snapshot = training.snapshot();
    try {
      const done = joined(this.#active.map((treatment) => treatment.apply(training, alert)));
      this.#times++;
      if (!undo) snapshot.dispose();
      const before = this.#losses.losses;
      const since = new LossWindow(after);
      const {parameters} = done;
      const reason = alert.message;
      this.#trial = {before, since, steps: 0, reason, parameters, snapshot: undo ? snapshot : undefined};
      this.services.remedy({
        remedy: name,
        action: 'applied',
        ...done,
        reason: alert.message,
      });
    } catch (thrown) {
      snapshot.restore();
      snapshot.dispose();
      const change = thrown instanceof Error ? thrown.message : String(thrown);
      this.services.remedy({remedy: name, action: 'failed', parameters: [], change, reason: alert.message});
    }
  }

  #judge(trial: Trial): void {
    const {name, undo, after} = this.settings;
    const {effect, isWorse} = effectOf(trial.before, trial.since.losses, trial.steps);
    const {snapshot, reason, parameters} = trial;
    this.#trial = undefined;
    if (!undo || !isWorse || snapshot === undefined) {
      snapshot?.dispose();
      this.#lastPause = 0;
      this.services.remedy({remedy: name, action: 'kept', parameters: [], reason, effect});
      return;
    }
    this.#lastPause = Math.max(after, 2 * this.#lastPause);
    this.#pause = this.#lastPause;
    this.services.betweenSteps(() => {
      snapshot.restore();
      snapshot.dispose();
      this.#losses.clear();
      this.services.remedy({remedy: name, action: 'undone', parameters, reason, effect});
    });
  }
}
