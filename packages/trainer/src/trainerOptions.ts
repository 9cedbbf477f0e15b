import type {Capture, GradientTransform, LearningRateSchedule, StepSchedule} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {EarlyStopping} from './earlyStopping.js';
import type {ClassWeight} from './classWeights.js';
import type {EventConsumer} from './eventConsumer.js';
import type {TrainableModel} from './learner.js';
import type {LossSpec, MetricsSpec} from './objective.js';
import type {RemedySource} from './remedy.js';
import type {TrainerServices} from './trainerServices.js';
import type {TrainingData} from './trainingData.js';

/** How a trainer works, beyond its parts. */
export interface TrainerSettings {
  /** Metrics by tfjs-layers' names (`'accuracy'`, …) or functions; by output name where they differ; default none. */
  readonly metrics?: MetricsSpec;
  /** What a model that is a function trains; a `LayersModel` knows its own. */
  readonly variables?: readonly tf.Variable[];
  /** Order of the transforms by name, where it is not the order of loading. */
  readonly transformOrder?: readonly string[];
  /** Train with the forward pass in inference mode: frozen batch norm, no dropout; default false. */
  readonly inferenceMode?: boolean;
  /** When the loss is read back, shown in `step` events and checked for NaN; default `every(1)`. */
  readonly readLoss?: StepSchedule;
  /** What happens when the loss that was read is NaN or infinite; default `'stop'`, before the update is applied. */
  readonly onDivergence?: 'stop' | 'continue';
}

/** How one run works. */
export interface FitOptions {
  /** Passes over the data; a whole number >= 1, default 1. */
  readonly epochs?: number;
  /**
   * Where to go on: the epoch that comes first, a whole number from 0 to `epochs` − 1, default 0. For a model and an optimizer
   * that hold what the epochs before left: `optimizer.setWeights` brings back their state, and with it the order of the data.
   */
  readonly initialEpoch?: number;
  /** Samples per update, for data that are tensors; a whole number >= 1, default 32. */
  readonly batchSize?: number;
  /** Whether tensors are shuffled anew each epoch, by the trainer's seed; default true. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validationData?: TrainingData;
  /** Share of the tensors, taken from their end, that becomes validation data; between 0 and 1. */
  readonly validationSplit?: number;
  /** Factors on the loss of each sample by its class. */
  readonly classWeight?: ClassWeight;
  /** Ends the run when it no longer gets better, and brings back the best weights; default off. */
  readonly earlyStopping?: EarlyStopping;
  /** Ends the run at the next step boundary when aborted. */
  readonly signal?: AbortSignal;
}

/** What `fit` resolves to: values per epoch by Keras names, and why the run ended. */
export interface TrainingHistory {
  readonly epoch: number[];
  readonly history: Readonly<Record<string, number[]>>;
  readonly reason: 'completed' | 'stopped' | 'earlyStopped' | 'diverged';
}

/** What every trainer needs. */
export interface TrainerModuleOptions extends TrainerSettings {
  readonly model: TrainableModel;
  readonly loss: LossSpec;
  readonly optimizer: tf.Optimizer;
  /** Seed of everything random in the run; a whole number >= 0, default 0. */
  readonly seed?: number;
  /** The learning rate of every step; default: the optimizer's. */
  readonly schedule?: LearningRateSchedule;
}

/** A part, or a function that makes it out of the trainer's services. */
export type Provided<T> = T | ((services: TrainerServices) => T);

/** What a trainer is made of. */
export interface TrainerOptions extends TrainerModuleOptions {
  /** Changes of the gradients, first to last. */
  readonly transforms?: readonly Provided<GradientTransform>[];
  /** What is measured during training. */
  readonly captures?: readonly Provided<Capture>[];
  /** Who is told: progress bars, loggers, charts. */
  readonly consumers?: readonly EventConsumer[];
  /** Bundles of parts; their transforms come after `transforms`. */
  readonly remedies?: readonly RemedySource[];
}
