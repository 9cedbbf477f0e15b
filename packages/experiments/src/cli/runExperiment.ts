import {rm, stat} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import type {Experiment} from '../experiment.js';
import {createFolder} from '../runs/createFolder.js';
import {findRun} from '../runs/findRun.js';
import {openBackend} from '../runs/openBackend.js';
import type {RunConfig} from '../runs/runConfig.js';
import {runFiles} from '../runs/runFiles.js';
import {requireRunName, runId} from '../runs/runId.js';
import {listRuns, runSummary} from '../runs/runSummary.js';
import type {RunOutcome} from '../runs/runJob.js';
import {trainRun} from '../runs/trainRun.js';
import {toJson, writeJson} from '../runs/writeWhole.js';
import {completeOptions} from '../runs/completeOptions.js';
import {UserError} from '../userError.js';
import {print, runsFlag, tell} from './context.js';
import {fetchImages} from './fetchImages.js';
import {INTERRUPTED, listenForInterrupt} from './interrupt.js';
import {outcomeText} from './outcomeText.js';
import {stageProgress} from './stageProgress.js';

/** The flags that every experiment has. */
export interface RunFlags {
  readonly seed?: number;
  readonly data?: string;
  readonly runs: string;
  readonly name?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly resume?: string | true;
  readonly checkpointEvery: number;
  readonly tensorboard?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

interface Variant {
  readonly options: Readonly<Record<string, unknown>>;
  readonly given: readonly string[];
}

/** Trains a variant, or goes on with a run, and says what came of it. Returns the exit code. */
export async function runExperiment(
  experiment: Experiment<object>,
  flags: RunFlags,
  variant: Variant,
): Promise<number> {
  const quiet = flags.quiet === true;
  const resumed = flags.resume === undefined ? undefined : await runToResume(experiment, flags, variant);
  const config = resumed?.config ?? configOf(experiment, flags, variant);
  if (flags.name !== undefined) requireRunName('--name', flags.name);
  const interrupt = listenForInterrupt(() =>
    tell('gradwire: ending at the next step; Ctrl-C again: at once.'),
  );
  try {
    const backend = await openBackend(config.backend, config.threads);
    const folder = resumed?.folder ?? (await beginRun(experiment, flags, config));
    if (!quiet) tell(`${basename(folder)}, backend ${backend.backend}`);
    const bar = stageProgress();
    const outcome = await trainRun({
      folder,
      experiment,
      config,
      backend,
      images: () => fetchImages(experiment, {data: config.data, signal: interrupt.signal, quiet}),
      signal: interrupt.signal,
      ...(quiet ? {} : {onStage: bar.begin, onEvent: bar.show}),
      checkpointEvery: 1000 * flags.checkpointEvery,
    }).catch(async (error: unknown) => {
      if (resumed === undefined && !(await hasBegun(folder))) await rm(folder, {recursive: true});
      throw error;
    });
    if (flags.json === true) print(await outcomeJson(folder, outcome));
    else
      (outcome.reason === 'stopped' ? tell : print)(
        outcomeText(outcome, {folder, experiment: experiment.name, flags: runsFlag(flags.runs)}),
      );
    if (outcome.reason === 'stopped') return INTERRUPTED;
    return outcome.reason === 'diverged' || outcome.reason === 'failed' ? 1 : 0;
  } catch (error) {
    if (error !== interrupt.signal.reason) throw error;
    tell('gradwire: interrupted before the training began.');
    return INTERRUPTED;
  } finally {
    interrupt.dispose();
  }
}

/** Whether anything was trained in the folder, which is then never taken away. */
async function hasBegun(folder: string): Promise<boolean> {
  return stat(join(folder, runFiles.events)).then(
    ({size}) => size > 0,
    () => false,
  );
}

function configOf({name, seed = 1}: Experiment<object>, flags: RunFlags, {options}: Variant): RunConfig {
  return {
    version: 1,
    experiment: name,
    options,
    seed: flags.seed ?? seed,
    backend: flags.backend,
    ...(flags.threads === undefined ? {} : {threads: flags.threads}),
    ...(flags.data === undefined ? {} : {data: resolve(flags.data)}),
    ...(flags.tensorboard === true ? {tensorBoard: true} : {}),
    created: new Date().toISOString(),
  };
}

async function beginRun(
  experiment: Experiment<object>,
  {runs, name}: RunFlags,
  config: RunConfig,
): Promise<string> {
  const proposed = runId(experiment, config.options, new Date(config.created));
  const folder = await createFolder(runs, {name, proposed});
  await writeJson(join(folder, runFiles.config), config);
  return folder;
}

async function runToResume(
  experiment: Experiment<object>,
  {resume, runs, name, seed, backend, threads, tensorboard, data}: RunFlags,
  {given}: Variant,
): Promise<{readonly folder: string; readonly config: RunConfig}> {
  const refused = [
    ...given,
    ...(name === undefined ? [] : ['--name']),
    ...(seed === undefined ? [] : ['--seed']),
    ...(backend === 'auto' ? [] : ['--backend']),
    ...(threads === undefined ? [] : ['--threads']),
    ...(tensorboard === undefined ? [] : ['--tensorboard']),
  ];
  if (refused.length > 0) {
    throw new UserError(`--resume goes on with the options of the run; leave out ${refused.join(', ')}.`);
  }
  const run =
    typeof resume === 'string' ? await findRun(resume, runs) : await latestUnfinished(experiment, runs);
  if (run.config.experiment !== experiment.name) {
    throw new UserError(
      `--resume ${run.id}: this is a run of ${run.config.experiment}: gradwire run ${run.config.experiment} --resume ${run.id}`,
    );
  }
  if (run.state === 'done' || run.state === 'diverged') {
    throw new UserError(`--resume ${run.id}: it is ${run.state}; there is nothing left to train.`);
  }
  const options = completeOptions(experiment, run.config.options);
  const moved = data === undefined ? {} : {data: resolve(data)};
  return {folder: run.folder, config: {...run.config, ...moved, options}};
}

async function latestUnfinished({name}: Experiment<object>, runs: string) {
  const found = (await listRuns(runs)).find(
    ({config, state}) => config.experiment === name && state === 'stopped',
  );
  if (found === undefined)
    throw new UserError(`--resume: there is no run of ${name} in ${runs} that did not end.`);
  return found;
}

async function outcomeJson(folder: string, {reason}: RunOutcome): Promise<string> {
  const summary = await runSummary(folder);
  return toJson({reason, ...summary});
}
