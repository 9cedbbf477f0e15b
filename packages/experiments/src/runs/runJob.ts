import type {BackendChoice} from '@gradwire/backend';
import type {ImageSet} from '@gradwire/datasets/node';
import type {TrainingEvent} from '@gradwire/trainer';
import type {Experiment} from '../experiment.js';
import type {Stage} from '../training.js';
import type {RunConfig} from './runConfig.js';
import type {RunResult} from './runResult.js';

/** A run to begin, or to go on with. */
export interface RunJob {
  readonly folder: string;
  readonly experiment: Experiment<object>;
  readonly config: RunConfig;
  readonly backend: BackendChoice;
  images(): Promise<ImageSet>;
  /** Ends the training at the next step boundary. */
  readonly signal: AbortSignal;
  /** Told when a stage begins. */
  onStage?(stage: Stage, stages: readonly Stage[]): void;
  /** Told of the events of this attempt as they come. */
  onEvent?(event: TrainingEvent): void;
  /** Milliseconds between two checkpoints, at least. */
  readonly checkpointEvery: number;
}

/** An attempt that was interrupted. */
interface RunStopped {
  readonly reason: 'stopped';
  /** How many the next attempt does not have to train again. */
  readonly epochs: number;
}

/** How an attempt at a run has ended: with its result, or before it. */
export type RunOutcome = RunStopped | RunResult;
