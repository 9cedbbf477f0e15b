import {join} from 'node:path';
import process from 'node:process';
import type {Experiment} from '../experiment.js';
import {loadImages} from '../runs/images.js';
import {openBackend} from '../runs/openBackend.js';
import {readJson} from '../runs/readJson.js';
import type {RunConfig} from '../runs/runConfig.js';
import {runFiles} from '../runs/runFiles.js';
import {trainRun} from '../runs/trainRun.js';
import {completeOptions} from '../runs/completeOptions.js';
import {type CellMessage, STOP} from './messages.js';
import {runFraction} from './runFraction.js';

const TOLD_EVERY_MS = 200;
const CHECKPOINT_EVERY_MS = 5000;

/**
 * Trains the run in a folder, in a process that `trainInChild` has started.
 *
 * It ends at a step boundary when it is told to, or when the process that has started it is gone. Ctrl-C reaches all
 * processes of a terminal; here it is left to the one that waits.
 */
export async function workCell(folder: string, experiments: readonly Experiment<object>[]): Promise<void> {
  const abort = new AbortController();
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  process.on('SIGTERM', () => abort.abort());
  process.on('message', (message) => {
    if (message === STOP) abort.abort();
  });
  process.on('disconnect', () => abort.abort());
  try {
    await train(folder, experiments, abort.signal);
  } catch (error) {
    await send({type: 'error', message: error instanceof Error ? error.message : String(error)});
  } finally {
    if (process.connected) process.disconnect();
  }
}

async function train(
  folder: string,
  experiments: readonly Experiment<object>[],
  signal: AbortSignal,
): Promise<void> {
  const config = await readJson<RunConfig>(join(folder, runFiles.config));
  const experiment = experiments.find(({name}) => name === config?.experiment);
  if (config === undefined || experiment === undefined)
    throw new Error(`no run of a known experiment in ${folder}.`);
  const {images, name} = experiment;
  const {onStage, onEvent} = runFraction(
    throttled((fraction, text) => void send({type: 'progress', fraction, text})),
  );
  const outcome = await trainRun({
    folder,
    experiment,
    config: {...config, options: completeOptions(experiment, config.options)},
    backend: await openBackend(config.backend, config.threads),
    images: () => {
      if (images === undefined) throw new Error(`${name} asks for images and names no image set.`);
      return loadImages(images, {data: config.data, signal});
    },
    signal,
    onStage,
    onEvent,
    checkpointEvery: CHECKPOINT_EVERY_MS,
  });
  await send({type: 'outcome', outcome});
}

function throttled(tell: (fraction: number, text: string) => void): (fraction: number, text: string) => void {
  let told = -Infinity;
  return (fraction, text) => {
    const now = performance.now();
    if (now - told < TOLD_EVERY_MS) return;
    told = now;
    tell(fraction, text);
  };
}

function send(message: CellMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    // One whose listener is gone is told nothing, and nothing is wrong with that.
    else process.send(message, undefined, undefined, () => resolve());
  });
}
