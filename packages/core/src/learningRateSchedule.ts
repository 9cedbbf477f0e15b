import type {StepPosition} from './stepSchedule.js';

/** The learning rate of an optimizer update (counted from 0). A plain function is one. */
export interface LearningRateSchedule {
  (step: number, at: StepPosition): number;
  /** Told the logs of every epoch, by Keras names, at its end: for schedules that go by them, such as one that waits for a plateau. */
  observe?(logs: Readonly<Record<string, number>>): void;
}
