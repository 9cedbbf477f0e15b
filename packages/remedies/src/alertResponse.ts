import type {AlertEvent, TrainingEvent} from '@gradwire/core';
import type {LiveTraining, TrainerServices, TrainingSnapshot} from '@gradwire/trainer';
import {effectOf, LossWindow} from './lossWindow.js';
import {messageOf} from './together.js';
import type {ActiveTreatment, Treatment} from './treatment.js';

/** What {@link AlertResponse} does: the arguments of `onAlert`. */
export interface AlertResponseSettings {
  readonly name: string;
  readonly rules: ReadonlySet<string>;
  readonly treatment: Treatment;
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
  /** Missing where it is not to be taken back. */
  readonly snapshot: TrainingSnapshot | undefined;
}

/** An alert that waits for its turn, and the remedy that was being tried when it came. */
interface Waiting {
  readonly alert: AlertEvent;
  readonly during: string | undefined;
}

/** Alerts of a loss that is gone: no time to wait. */
const LOST: ReadonlySet<string> = new Set(['nonFinite', 'nonFiniteLoss']);

/** Answers alerts with a treatment, and judges what came of it: one remedy of one trainer. */
export class AlertResponse {
  /** None between runs, and where it has failed. */
  #active: ActiveTreatment | undefined;
  readonly #losses: LossWindow;
  #trial: Trial | undefined;
  /** What is about to be gone back to. */
  #undoing: TrainingSnapshot | undefined;
  #waiting: Waiting | undefined;
  /** The remedy, this one or another, whose change waits for its effect. */
  #busy: string | undefined;
  #times = 0;
  /** Steps that have to pass before it acts again. */
  #pause = 0;
  #lastPause = 0;
  /** Why it acted last. */
  #reason = '';

  constructor(
    private readonly settings: AlertResponseSettings,
    private readonly services: TrainerServices,
  ) {
    this.#losses = new LossWindow(settings.after);
  }

  observe(event: TrainingEvent): void {
    this.#guarded(() => {
      if (event.type === 'runBegin') this.#begin();
      this.#active?.observe?.(event);
    });
    if (event.type === 'step') this.#step(event.loss);
    else if (event.type === 'remedy') this.#coordinate(event.remedy, event.action);
    else if (event.type === 'alert') this.#hear(event);
    else if (event.type === 'runEnd') this.end();
  }

  end(): void {
    this.#trial?.snapshot?.dispose();
    this.#trial = undefined;
    // The run has ended before it could be gone back to.
    this.#undoing?.dispose();
    this.#undoing = undefined;
    const active = this.#active;
    this.#active = undefined;
    active?.end?.();
  }

  #begin(): void {
    this.end();
    this.#losses.clear();
    this.#waiting = undefined;
    this.#busy = undefined;
    this.#times = 0;
    this.#pause = 0;
    this.#lastPause = 0;
    this.#active = this.settings.treatment.begin({
      ...this.services,
      applied: (change) => this.#appliedLater(change),
    });
  }

  /** A treatment that fails at anything but its work is left out; neither the training nor other remedies are disturbed. */
  #guarded(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      const active = this.#active;
      this.#active = undefined;
      this.#waiting = undefined;
      const change = `${messageOf(thrown).replace(/\.$/, '')}; this remedy is left out for the rest of the run.`;
      this.services.remedy({remedy: this.settings.name, action: 'failed', parameters: [], change});
      active?.end?.();
    }
  }

  #step(loss: number | undefined): void {
    if (loss !== undefined) this.#losses.push(loss);
    if (this.#pause > 0) this.#pause--;
    if (this.#trial === undefined) {
      if (this.#waiting !== undefined) this.#ask();
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
    // What was found of a change no longer holds when it has been taken back.
    if (action === 'undone' && this.#waiting?.during === remedy) this.#waiting = undefined;
  }

  #hear(alert: AlertEvent): void {
    const trial = this.#trial;
    const {rules, times} = this.settings;
    if (trial !== undefined && LOST.has(alert.rule)) {
      const isOwn = rules.has(alert.rule);
      trial.since.push(Number.NaN);
      this.#judge(trial);
      // What is taken back, or another's business, needs nothing more; what was not enough is done again.
      if (trial.snapshot !== undefined || !isOwn) return;
    }
    if (this.#active === undefined || !rules.has(alert.rule) || alert.severity === 'info') return;
    if (this.#times >= times) return;
    this.#waiting = {alert, during: this.#busy};
    this.#ask();
  }

  #ask(): void {
    this.services.betweenSteps((training) => {
      const waiting = this.#waiting;
      const active = this.#active;
      if (waiting === undefined || active === undefined || this.#busy !== undefined || this.#pause > 0)
        return;
      this.#waiting = undefined;
      this.#treat(training, active, waiting.alert);
    });
  }

  #treat(training: LiveTraining, active: ActiveTreatment, alert: AlertEvent): void {
    const {name, undo} = this.settings;
    const {message: reason} = alert;
    const snapshot = training.snapshot();
    try {
      const {change, parameters = []} = active.apply(training, alert);
      this.#times++;
      this.#reason = reason;
      if (!undo) snapshot.dispose();
      this.#try(parameters, undo ? snapshot : undefined);
      this.services.remedy({remedy: name, action: 'applied', parameters, change, reason});
    } catch (thrown) {
      // Else it would keep a lost run from ending, again and again.
      if (LOST.has(alert.rule)) this.#times++;
      snapshot.restore();
      snapshot.dispose();
      this.services.remedy({
        remedy: name,
        action: 'failed',
        parameters: [],
        change: messageOf(thrown),
        reason,
      });
    }
  }

  #try(parameters: readonly string[], snapshot: TrainingSnapshot | undefined): void {
    const before = this.#losses.losses;
    const since = new LossWindow(this.settings.after);
    this.#trial = {before, since, steps: 0, reason: this.#reason, parameters, snapshot};
  }

  /** Belongs to the trial that goes on; is one of its own where that is over. */
  #appliedLater(change: string): void {
    if (this.#trial === undefined) this.#try([], undefined);
    const {name: remedy} = this.settings;
    this.services.remedy({remedy, action: 'applied', parameters: [], change, reason: this.#reason});
  }

  #judge({before, since, steps, snapshot, reason, parameters}: Trial): void {
    const {name: remedy, after} = this.settings;
    const effect = effectOf(before, since.losses, steps);
    this.#trial = undefined;
    if (!effect.isWorse || snapshot === undefined) {
      snapshot?.dispose();
      this.#lastPause = 0;
      this.services.remedy({remedy, action: 'kept', parameters: [], reason, effect});
      return;
    }
    this.#lastPause = Math.max(after, 2 * this.#lastPause);
    this.#pause = this.#lastPause;
    this.#undoing = snapshot;
    this.services.betweenSteps(() => {
      this.#undoing = undefined;
      snapshot.restore();
      snapshot.dispose();
      this.#guarded(() => this.#active?.undone?.());
      this.#losses.clear();
      this.services.remedy({remedy, action: 'undone', parameters, reason, effect});
    });
  }
}
