import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {type Checkpoint, readCheckpoint} from './checkpoint.js';
import {runEnvironment} from './runEnvironment.js';
import {runFiles} from './runFiles.js';
import type {RunJob, RunOutcome} from './runJob.js';
import {UserError} from '../userError.js';
import {lockRun} from './runLock.js';
import {RunRecorder} from './runRecorder.js';
import {trainStages} from './trainStages.js';
import {writeJson} from './writeWhole.js';

/**
 * Trains what the folder's configuration says, from its last checkpoint on, and writes into the folder what comes of it.
 *
 * @throws whatever the experiment throws while it composes; a training that fails is an outcome.
 */
export async function trainRun(job: RunJob): Promise<RunOutcome> {
  const {folder, backend} = job;
  const unlock = await lockRun(folder);
  let checkpoint: Checkpoint | undefined;
  try {
    checkpoint = await readCheckpoint(folder);
    await writeJson(join(folder, runFiles.environment), await runEnvironment(backend));
    await rm(join(folder, runFiles.result), {force: true});
    return await composeAndTrain(job, checkpoint);
  } finally {
    tf.dispose([...(checkpoint?.weights ?? []), ...(checkpoint?.optimizer ?? []).map(({tensor}) => tensor)]);
    await unlock();
  }
}

async function composeAndTrain(job: RunJob, checkpoint: Checkpoint | undefined): Promise<RunOutcome> {
  const {folder, experiment, config, images} = job;
  const recorder = await RunRecorder.open(folder, {
    from: checkpoint,
    withTensorBoard: config.tensorBoard === true,
  });
  try {
    const training = await experiment
      .compose(config.options, {seed: config.seed, consumers: [recorder.consumer], images})
      .catch((error: unknown) => {
        throw error instanceof RangeError ? new UserError(error.message) : error;
      });
    try {
      const outcome = await trainStages(training, {...job, recorder, checkpoint});
      if (outcome.reason !== 'stopped') await writeJson(join(folder, runFiles.result), outcome);
      return outcome;
    } finally {
      training.dispose();
    }
  } finally {
    await recorder.close();
  }
}
