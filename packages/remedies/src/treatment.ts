import type {AlertEvent, TrainingEvent} from '@gradwire/core';
import type {LiveTraining, TrainerServices} from '@gradwire/trainer';

/** A change of a training that goes on: what {@link onAlert} applies. */
export interface Treatment {
  /** Name of the factory. */
  readonly name: string;
  /** Called once per run, at its beginning. */
  begin(services: TreatmentServices): ActiveTreatment;
}

/** What a treatment may ask for: what the trainer gives, and to be heard. */
export interface TreatmentServices extends TrainerServices {
  /** Sends an `applied` event of the remedy, for a change that `apply` has announced and that is made later, between two steps. */
  applied(change: string): void;
}

/** A {@link Treatment} in one run. */
export interface ActiveTreatment {
  /** Told every event of the run, for what it has to remember. */
  observe?(event: TrainingEvent): void;
  /**
   * Makes the change. Runs between two steps; what it allocates and does not assign it frees.
   *
   * @throws Error that says why, where there is nothing that it could change.
   */
  apply(training: LiveTraining, alert: AlertEvent): TreatmentResult;
  /**
   * Told that what it has done last is taken back, because it made things worse, or because another treatment of its list threw. Weights
   * and optimizer need nothing; what it meant to do later must not happen.
   */
  undone?(): void;
  /** Frees what it remembers; the run has ended. */
  end?(): void;
}

/** What a treatment has done. */
export interface TreatmentResult {
  /** In words, e.g. `learning rate × 0.1`. */
  readonly change: string;
  /** Names of the parameters to which it gave new values. */
  readonly parameters?: readonly string[];
}

/**
 * A treatment that remembers nothing.
 *
 * @param name name of the factory that calls this.
 * @param apply makes the change, between two steps.
 * @example
 * ```ts
 * import {defineTreatment, onAlert} from '@gradwire/remedies';
 *
 * const calm = defineTreatment('calm', (training) => {
 *   training.scaleLearningRate(0.5);
 *   return {change: 'learning rate × 0.5'};
 * });
 * const remedy = onAlert('oscillation', calm, {undo: true});
 * console.log(remedy.name); // onAlert(oscillation)
 * ```
 */
export function defineTreatment(name: string, apply: ActiveTreatment['apply']): Treatment {
  return Object.freeze<Treatment>({name, begin: () => ({apply})});
}
