import {readFile, rm} from 'node:fs/promises';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TrainingEvent} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {tiny, type TinyOptions} from '../../fixtures/cli/tiny.js';
import {readCheckpointManifest} from './checkpointManifest.js';
import {completeOptions} from './completeOptions.js';
import {createFolder} from './createFolder.js';
import type {RunConfig} from './runConfig.js';
import {readRun} from './readRun.js';
import {runSummary} from './runSummary.js';
import type {RunJob, RunOutcome} from './runJob.js';
import {trainRun} from './trainRun.js';
import {writeWhole} from './writeWhole.js';

let parent: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  parent = mkdtempSync(join(tmpdir(), 'gradwire-runs-'));
});
afterAll(() => rm(parent, {recursive: true}));

interface Attempt extends Partial<RunJob> {
  /** Aborts when this says so. */
  readonly stopAt?: (event: TrainingEvent, count: number) => boolean;
}

const configOf = (options: Partial<TinyOptions>): RunConfig => ({
  version: 1,
  experiment: 'tiny',
  options: completeOptions(tiny, options),
  seed: 3,
  backend: 'cpu',
  created: new Date().toISOString(),
});

async function train(
  folder: string,
  options: Partial<TinyOptions>,
  {stopAt, ...job}: Attempt = {},
): Promise<RunOutcome> {
  const abort = new AbortController();
  let count = 0;
  const config = configOf(options);
  await writeWhole(join(folder, 'config.json'), JSON.stringify(config));
  return trainRun({
    folder,
    experiment: tiny,
    config,
    backend: {backend: 'cpu', passedOver: []},
    images: () => Promise.reject(new Error('none')),
    signal: abort.signal,
    checkpointEvery: 0,
    onEvent: (event) => {
      if (stopAt?.(event, count++) === true) abort.abort();
    },
    ...job,
  });
}

const newFolder = (): Promise<string> => createFolder(parent, {proposed: 'run'});

/** All that an undisturbed run and one in several attempts must have in common. */
async function tracesOf(folder: string) {
  const run = await readRun((await runSummary(folder))!);
  const ids = [...new Set(run.events.map(({run: id}) => id))];
  const events = run.events.map((event) => {
    const {time: _, run: id, ...rest} = event;
    return {...rest, run: ids.indexOf(id), ...('duration' in rest ? {duration: 0} : {})};
  });
  const {sha256} = (await readCheckpointManifest(folder))!;
  // Models of one process: tfjs counts the names of their variables on.
  const text = JSON.stringify(events).replace(/(kernel|bias)_\d+/g, '$1');
  return {sha256, metrics: run.metrics, events: JSON.parse(text) as unknown};
}

describe.each<[string, Partial<TinyOptions>]>([
  ['one stage', {epochs: 5}],
  ['three stages that share layers', {epochs: 3, stages: 3}],
  ['weights that a remedy has drawn', {epochs: 4, redraw: true}],
])('a run of %s', (_, options) => {
  it.each([
    ['within its first epoch', [2]],
    ['within a later epoch', [15]],
    ['twice', [9, 12]],
  ])('that is interrupted %s ends as one that is not', async (__, stops) => {
    const undisturbed = await newFolder();
    await train(undisturbed, options);
    const interrupted = await newFolder();
    for (const stop of stops) {
      const outcome = await train(interrupted, options, {stopAt: (___, count) => count === stop});
      expect(outcome.reason).toBe('stopped');
    }
    const outcome = await train(interrupted, options);
    expect(outcome.reason).toBe('completed');
    expect(await tracesOf(interrupted)).toEqual(await tracesOf(undisturbed));
  });
});

it('keeps the epoch at whose end it is interrupted', async () => {
  const folder = await newFolder();
  const outcome = await train(
    folder,
    {epochs: 4},
    {stopAt: ({type, epoch}) => type === 'epochEnd' && epoch === 1},
  );
  expect(outcome).toEqual({reason: 'stopped', epochs: 2});
  expect(await readCheckpointManifest(folder)).toMatchObject({epochsDone: 2, epochs: 4});
});

it('keeps one checkpoint, and no temporary files', async () => {
  const folder = await newFolder();
  await train(folder, {epochs: 4});
  const {readdir} = await import('node:fs/promises');
  expect((await readdir(folder)).sort()).toEqual([
    'checkpoint-1-4.bin',
    'checkpoint.json',
    'config.json',
    'environment.json',
    'events.jsonl',
    'result.json',
  ]);
});

it('leaks no tensors', async () => {
  const folder = await newFolder();
  await train(folder, {epochs: 4, stages: 2}, {stopAt: (_, count) => count === 12});
  const before = tf.memory().numTensors;
  await train(folder, {epochs: 4, stages: 2});
  // tfjs itself leaves the tensors behind that weights were initialised with; there are as many as in a run without checkpoints.
  const resumed = tf.memory().numTensors - before;
  await train(await newFolder(), {epochs: 4, stages: 2}, {checkpointEvery: Infinity});
  expect(resumed).toBe(tf.memory().numTensors - before - resumed);
});

it('a diverged run is an outcome, with its figures', async () => {
  const outcome = await train(await newFolder(), {diverge: true});
  expect(outcome).toMatchObject({reason: 'diverged', version: 1});
});

it('a run that fails is an outcome, with what was thrown', async () => {
  const folder = await newFolder();
  const compose: typeof tiny.compose = async (options, setting) => ({
    ...(await tiny.compose(options, setting)),
    evaluate: () => Promise.reject(new TypeError('no such figure')),
  });
  const outcome = await train(folder, {}, {experiment: {...tiny, compose}});
  expect(outcome).toMatchObject({reason: 'failed', error: {name: 'TypeError', message: 'no such figure'}});
  expect(await runSummary(folder)).toMatchObject({state: 'failed', epochsDone: 3});
});

it('refuses a damaged checkpoint', async () => {
  const folder = await newFolder();
  await train(folder, {epochs: 3}, {stopAt: (_, count) => count === 15});
  const {file} = (await readCheckpointManifest(folder))!;
  const bytes = await readFile(join(folder, file));
  bytes[5]! ^= 1;
  await writeWhole(join(folder, file), bytes);
  await expect(train(folder, {epochs: 3})).rejects.toThrow(/checkpoint-\d-\d.bin is damaged/);
});

it('refuses the checkpoint of another network', async () => {
  const folder = await newFolder();
  await train(folder, {epochs: 3}, {stopAt: (_, count) => count === 15});
  await expect(train(folder, {epochs: 3, units: [6]})).rejects.toThrow('that of another network');
});

it('refuses to train where another process does', async () => {
  const folder = await newFolder();
  const first = train(folder, {epochs: 20});
  await expect.poll(async () => (await runSummary(folder))?.state).toBe('running');
  await expect(train(folder, {})).rejects.toThrow(`is being trained by process ${process.pid}`);
  await first;
  expect((await runSummary(folder))?.state).toBe('done');
});
