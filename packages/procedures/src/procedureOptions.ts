import type {KnownOptions} from '@gradwire/core';
import type {FitOptions, TrainerOptions, TrainingHistory} from '@gradwire/trainer';
import type * as tf from '@tensorflow/tfjs-core';

/** Where a procedure stands: each stage is one run of a trainer of its own. */
export interface Stage {
  /** What is trained in it, e.g. `blocks 1-2, 1 frozen`. */
  readonly name: string;
  /** From 0. */
  readonly index: number;
  /** How many stages the procedure has. */
  readonly count: number;
}

/** What `trainer.fit` takes, but for where to go on: a procedure goes from its beginning to its end. */
type StageFitOptions = Omit<FitOptions, 'initialEpoch'>;

/**
 * What every stage of a procedure is trained with: everything that `createTrainer` and `trainer.fit` take, but an optimizer
 * that is made anew for each.
 */
export interface StageOptions
  extends Omit<TrainerOptions, 'model' | 'optimizer' | 'variables'>, StageFitOptions {
  /** Makes the optimizer of a stage; it is disposed when the stage ends. */
  readonly optimizer: (stage: Stage) => tf.Optimizer;
  /** Told before each stage begins. */
  readonly onStage?: (stage: Stage) => void;
}

/** How one stage went: its name, and what `trainer.fit` returned. */
export interface StageResult extends TrainingHistory {
  readonly name: string;
}

/** How a procedure went. */
export interface ProcedureResult {
  /** The stages that were begun. */
  readonly stages: readonly StageResult[];
  /** `stopped` and `diverged` are the reason of the last stage, and end the procedure; `earlyStopped` ends the stage only. */
  readonly reason: 'completed' | 'stopped' | 'diverged';
}

/** The options that go to `trainer.fit`. */
export const fitOptions: KnownOptions<StageFitOptions> = {
  epochs: 10,
  batchSize: 32,
  shuffle: 'true',
  validationData: '{x, y}',
  validationSplit: 0.2,
  classWeight: '{0: 1, 1: 2}',
  earlyStopping: '{patience: 3}',
  signal: 'abortSignal',
};

/** The options of all stages. */
export const stageOptions: KnownOptions<StageOptions> = {
  loss: "'meanSquaredError'",
  optimizer: '() => tf.train.sgd(0.01)',
  metrics: "['accuracy']",
  seed: 42,
  schedule: '(step) => 0.1',
  transforms: '[]',
  captures: '[]',
  consumers: '[]',
  remedies: '[]',
  transformOrder: '[]',
  inferenceMode: 'false',
  readLoss: 'every(1)',
  onDivergence: "'stop'",
  ...fitOptions,
  onStage: '({name}) => console.log(name)',
};
