import {join} from 'node:path';
import type {io} from '@tensorflow/tfjs-core';
import type {EpochLogs} from '../training.js';
import {readJson} from './readJson.js';
import {runFiles} from './runFiles.js';

/** Where a training stands between two epochs. */
export interface CheckpointPosition {
  /** The stage to go on with, from 0; the number of stages where all are done. */
  readonly stage: number;
  readonly stages: number;
  /** The epoch of this stage to go on with, from 0. */
  readonly epoch: number;
  /** Epochs done and to do, over all stages. */
  readonly epochsDone: number;
  readonly epochs: number;
  /** Bytes of the events' file; what follows them was told by an attempt that did not reach its next checkpoint. */
  readonly events: number;
  /** Id that the events of this stage carry, where it has begun. */
  readonly run?: string;
  /** Milliseconds of training. */
  readonly elapsed: number;
  /** What the last epoch of each stage that has begun has logged. */
  readonly logs: readonly EpochLogs[];
}

/** What `checkpoint.json` holds. */
export interface CheckpointManifest extends CheckpointPosition {
  readonly version: 1;
  /** The weights, in tfjs's own binary format. */
  readonly file: string;
  readonly sha256: string;
  readonly specs: readonly io.WeightsManifestEntry[];
}

/** What is said of the last checkpoint, without its weights; undefined where there is none. */
export function readCheckpointManifest(folder: string): Promise<CheckpointManifest | undefined> {
  return readJson<CheckpointManifest>(join(folder, runFiles.checkpoint));
}
