import type {Observable} from 'rxjs';
import type {Clock} from './clock.js';
import type {TrainableModel} from './learner.js';
import type {Alert, TrainingEvent} from '@gradwire/core';

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
}
