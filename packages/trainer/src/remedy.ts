import type {Capture, GradientTransform, Initializer, LearningRateSchedule} from '@gradwire/core';
import type {EventConsumer} from './eventConsumer.js';
import type {TrainerServices} from './trainerServices.js';

/** Parts that belong together, under one name. */
export interface Remedy {
  readonly name: string;
  readonly transforms?: readonly GradientTransform[];
  readonly captures?: readonly Capture[];
  readonly consumers?: readonly EventConsumer[];
  /** New initial values for the parameters that a glob matches, set once before the trainer's first step. */
  readonly initialize?: Readonly<Record<string, Initializer>>;
  /** The learning rate of every step. */
  readonly schedule?: LearningRateSchedule;
}

/** A remedy, or a function that makes one out of the trainer's services. */
export type RemedySource = Remedy | ((services: TrainerServices) => Remedy);
