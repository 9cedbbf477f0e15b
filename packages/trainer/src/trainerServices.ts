import type {Observable} from 'rxjs';
import type {Clock} from './clock.js';
import type {TrainableModel} from './learner.js';
import type {Alert, RemedyAction, TrainingEvent} from '@gradwire/core';
import type {LiveTraining} from './liveTraining.js';

/** What a module or a remedy may ask the trainer for. */
export interface TrainerServices {
  readonly model: TrainableModel;
  readonly seed: number;
  readonly clock: Clock;
  readonly events$: Observable<TrainingEvent>;
  /** Ends the run at the next step boundary. */
  stop(): void;
  /** Sends an `alert` event. */
  alert(alert: Alert): void;
  /** Sends a `remedy` event. */
  remedy(action: RemedyAction): void;
  /**
   * Has `change` run before the next step of the run that goes on; if there is none, or it ends before, not at all. What it
   * throws ends the run. Asked for while the `alert` of a loss that is not finite is sent, it keeps the run from ending by it.
   */
  betweenSteps(change: (training: LiveTraining) => void | Promise<void>): void;
}
