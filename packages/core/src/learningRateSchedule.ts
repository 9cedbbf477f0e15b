import type {StepPosition} from './stepSchedule.js';

/** The learning rate of an optimizer update (counted from 0). */
export type LearningRateSchedule = (step: number, at: StepPosition) => number;
