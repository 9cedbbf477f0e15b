import {createHash} from 'node:crypto';
import {readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {UserError} from '../userError.js';
import {
  type CheckpointManifest,
  type CheckpointPosition,
  readCheckpointManifest,
} from './checkpointManifest.js';
import {runFiles} from './runFiles.js';
import {revivedMetrics} from './runResult.js';
import {writeJson, writeWhole} from './writeWhole.js';

/** A tensor with the name that it is saved by. */
export interface SavedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** A position with what a process needs to go on from it. The tensors are the caller's. */
export interface Checkpoint extends CheckpointPosition {
  readonly weights: readonly tf.Tensor[];
  /** The state of the stage's optimizer, where it has begun. */
  readonly optimizer: readonly SavedTensor[];
}

const WEIGHTS = 'weights/';
const OPTIMIZER = 'optimizer/';

/** Puts a checkpoint in the place of the last one. Whatever happens meanwhile, one of the two is there and whole. */
export async function writeCheckpoint(
  folder: string,
  {weights, optimizer, ...position}: Checkpoint,
): Promise<void> {
  const {data, specs} = await tf.io.encodeWeights([
    ...weights.map((tensor, i) => ({name: `${WEIGHTS}${i}`, tensor})),
    ...optimizer.map(({name, tensor}) => ({name: `${OPTIMIZER}${name}`, tensor})),
  ]);
  const bytes = new Uint8Array(data);
  // A stage that has ended and the next one before its first epoch have as many epochs done.
  const file = `checkpoint-${position.stage}-${position.epochsDone}.bin`;
  await writeWhole(join(folder, file), bytes);
  const manifest: CheckpointManifest = {version: 1, ...position, file, sha256: sha256(bytes), specs};
  await writeJson(join(folder, runFiles.checkpoint), manifest);
  for (const other of await readdir(folder)) {
    if (/^checkpoint-\d+-\d+[.]bin$/.test(other) && other !== file) await rm(join(folder, other));
  }
}

/**
 * The last checkpoint; undefined where there is none.
 *
 * @throws UserError if its weights are damaged or gone.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const manifest = await readCheckpointManifest(folder);
  if (manifest === undefined) return undefined;
  const {file, sha256: expected, specs, ...position} = manifest;
  const path = join(folder, file);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UserError(`--resume: ${path} cannot be read: ${(error as Error).message}. Begin a new run.`);
  });
  if (sha256(bytes) !== expected) {
    throw new UserError(
      `--resume: ${path} is damaged: its checksum is not that of ${runFiles.checkpoint}. Begin a new run.`,
    );
  }
  const tensors = Object.entries(tf.io.decodeWeights(new Uint8Array(bytes).buffer, [...specs]));
  return {
    ...position,
    logs: position.logs.map(revivedMetrics),
    weights: tensors.flatMap(([name, tensor]) => (name.startsWith(WEIGHTS) ? [tensor] : [])),
    optimizer: tensors.flatMap(([name, tensor]) =>
      name.startsWith(OPTIMIZER) ? [{name: name.slice(OPTIMIZER.length), tensor}] : [],
    ),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
