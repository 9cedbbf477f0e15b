import type {LiveTraining, TrainerServices, TrainingEvent} from '@gradwire/trainer';
import type * as tf from '@tensorflow/tfjs-core';
import type {EpochLogs, Stage} from '../training.js';
import {type Checkpoint, type SavedTensor, writeCheckpoint} from './checkpoint.js';
import type {RunRecorder} from './runRecorder.js';
import type {RunResult} from './runResult.js';

/** Writing checkpoints takes at most this share of the time, unless one is wanted after every epoch. */
const SHARE = 0.05;

interface CheckpointKeeperOptions {
  readonly folder: string;
  readonly recorder: RunRecorder;
  readonly stages: readonly Stage[];
  readonly variables: readonly tf.Variable[];
  readonly checkpoint: Checkpoint | undefined;
  readonly checkpointEvery: number;
}

/** Knows where a training stands, and writes it down now and then. */
export class CheckpointKeeper {
  readonly #options: CheckpointKeeperOptions;
  readonly #begun = performance.now();
  #stage = 0;
  #epoch = 0;
  readonly #logs: EpochLogs[];
  #saved = performance.now();
  #cost = 0;
  #isDue = false;
  #kept: number;
  #onSaved: (() => void) | undefined;

  constructor(options: CheckpointKeeperOptions) {
    this.#options = options;
    this.#stage = options.checkpoint?.stage ?? 0;
    this.#epoch = options.checkpoint?.epoch ?? 0;
    this.#logs = [...(options.checkpoint?.logs ?? [])];
    this.#kept = options.checkpoint?.epochsDone ?? 0;
  }

  /** What the last epoch of each stage has logged. */
  get logs(): readonly EpochLogs[] {
    return this.#logs;
  }

  /** Epochs that the last checkpoint holds. */
  get epochsKept(): number {
    return this.#kept;
  }

  /** Epochs done, over all stages. */
  get epochsDone(): number {
    return epochsOf(this.#options.stages.slice(0, this.#stage)) + this.#epoch;
  }

  begin(stage: number, epoch: number): void {
    this.#stage = stage;
    this.#epoch = epoch;
    this.#isDue = false;
  }

  /** Ends a training, but not between an epoch and the checkpoint that is due after it. */
  stop(end: () => void): void {
    if (this.#isDue) this.#onSaved = end;
    else end();
  }

  watch(event: TrainingEvent, services: TrainerServices): void {
    if (event.type !== 'epochEnd') return;
    this.#epoch = event.epoch + 1;
    this.#logs[this.#stage] = event.logs;
    const {checkpointEvery} = this.#options;
    const wait = checkpointEvery === 0 ? 0 : Math.max(checkpointEvery, this.#cost / SHARE);
    if (performance.now() - this.#saved < wait) return;
    this.#isDue = true;
    services.betweenSteps((training) => this.#saveEpoch(training));
  }

  /** The stage is done: what its optimizer knows is not needed any more. */
  async endStage(): Promise<void> {
    this.begin(this.#stage + 1, 0);
    await this.#save([]);
  }

  result(reason: RunResult['reason'], metrics: Readonly<Record<string, number>>): RunResult {
    return {version: 1, reason, metrics, duration: this.#elapsed(), epochs: this.epochsDone};
  }

  async #saveEpoch({optimizer}: LiveTraining): Promise<void> {
    await this.#save(await optimizer.getWeights(), this.#options.recorder.run);
    this.#isDue = false;
    this.#onSaved?.();
  }

  async #save(optimizer: readonly SavedTensor[], run?: string): Promise<void> {
    const {folder, recorder, stages, variables} = this.#options;
    const began = performance.now();
    // A checkpoint must not know of epochs that the events do not.
    const events = await recorder.flushed();
    await writeCheckpoint(folder, {
      stage: this.#stage,
      stages: stages.length,
      epoch: this.#epoch,
      epochsDone: this.epochsDone,
      epochs: epochsOf(stages),
      events,
      ...(run === undefined ? {} : {run}),
      elapsed: this.#elapsed(),
      logs: this.#logs,
      weights: variables,
      optimizer,
    });
    this.#kept = this.epochsDone;
    this.#saved = performance.now();
    this.#cost = this.#saved - began;
  }

  #elapsed(): number {
    return Math.round((this.#options.checkpoint?.elapsed ?? 0) + performance.now() - this.#begun);
  }
}

function epochsOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, {options}) => sum + options.epochs, 0);
}
