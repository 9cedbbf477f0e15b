import {readdir} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {UserError} from '../userError.js';
import {readCheckpointManifest} from './checkpointManifest.js';
import {readJson} from './readJson.js';
import type {RunConfig} from './runConfig.js';
import {runFiles} from './runFiles.js';
import {runOwner} from './runLock.js';
import {revivedMetrics, type RunResult} from './runResult.js';

/** A run without its events. */
export interface RunSummary {
  readonly id: string;
  readonly folder: string;
  readonly config: RunConfig;
  readonly state: 'running' | 'stopped' | 'done' | 'diverged' | 'failed';
  readonly epochsDone: number;
  /** Where it is known: not before the first checkpoint. */
  readonly epochs?: number;
  /** Figures of the outcome; before it is there, the values of the last checkpoint's epoch. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly result?: RunResult;
}

/** What there is to say of the run in a folder; undefined where there is none. */
export async function runSummary(folder: string): Promise<RunSummary | undefined> {
  const config = await readJson<RunConfig>(join(folder, runFiles.config));
  if (config === undefined) return undefined;
  const [result, checkpoint, owner] = await Promise.all([
    readJson<RunResult>(join(folder, runFiles.result)),
    readCheckpointManifest(folder),
    runOwner(folder),
  ]);
  const metrics = revivedMetrics(result?.metrics ?? checkpoint?.logs.at(-1) ?? {});
  const epochs = checkpoint?.epochs ?? result?.epochs;
  return {
    id: basename(folder),
    folder,
    config,
    state: owner === undefined ? stateOf(result) : 'running',
    epochsDone: result?.epochs ?? checkpoint?.epochsDone ?? 0,
    ...(epochs === undefined ? {} : {epochs}),
    metrics,
    ...(result === undefined ? {} : {result: {...result, metrics}}),
  };
}

/** All runs in a folder of runs, the newest first; what is no run of ours, or a damaged one, is left out. */
export async function listRuns(parent: string): Promise<RunSummary[]> {
  let entries: string[];
  try {
    entries = await readdir(parent);
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UserError(`--runs ${parent} cannot be read: ${message}.`);
  }
  const summaries = await Promise.all(
    entries.map((entry) => runSummary(join(parent, entry)).catch(unlessDamaged)),
  );
  return summaries
    .filter((summary) => summary !== undefined)
    .toSorted((a, b) => b.config.created.localeCompare(a.config.created));
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

function stateOf(result: RunResult | undefined): RunSummary['state'] {
  if (result === undefined) return 'stopped';
  return result.reason === 'diverged' || result.reason === 'failed' ? result.reason : 'done';
}
