import {mkdir, readdir, rm} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {TaskProgress} from '@gradwire/loggers';
import pLimit from 'p-limit';
import {figure} from '../cli/format.js';
import {readJson} from '../runs/readJson.js';
import type {RunConfig} from '../runs/runConfig.js';
import {runFiles} from '../runs/runFiles.js';
import {revivedMetrics, type RunResult} from '../runs/runResult.js';
import {writeJson} from '../runs/writeWhole.js';
import type {PlannedCell} from './planCells.js';
import {
  type CellRun,
  reproducedCell,
  type ReproducedCell,
  reproductionFiles,
  type ReproductionPlan,
} from './reproduction.js';
import {trainInChild} from './trainInChild.js';

/** What the cells are trained with. */
export interface ReproduceJob {
  readonly folder: string;
  readonly plan: ReproductionPlan;
  readonly cells: readonly PlannedCell[];
  readonly jobs: number;
  readonly worker: string;
  readonly signal: AbortSignal;
  readonly progress: Pick<TaskProgress, 'update' | 'done'> | undefined;
}

interface Task {
  readonly cell: PlannedCell;
  readonly seed: number;
  readonly run: string;
}

/** Trains all cells with all seeds that are not trained yet, several at a time, and compares them with what is published. */
export async function reproduceCells(job: ReproduceJob): Promise<ReproducedCell[]> {
  const {cells, plan, jobs, signal} = job;
  const tasks = tasksOf(cells, plan.seeds);
  const done = new Map<Task, CellRun>();
  const waiting = new Set(tasks);
  const limit = pLimit(jobs);
  await Promise.all(
    tasks.map(() =>
      limit(async () => {
        const task = longest(waiting, done);
        waiting.delete(task);
        done.set(
          task,
          signal.aborted ? {seed: task.seed, run: task.run} : await train(task, job).catch(failed(task)),
        );
      }),
    ),
  );
  return cells.map((cell) =>
    reproducedCell(
      cell,
      tasks.filter((task) => task.cell === cell).map((task) => done.get(task)!),
    ),
  );
}

/** Every cell with its first seed, then every cell with its second: how long a cell takes is known early. */
function tasksOf(cells: readonly PlannedCell[], seeds: number): Task[] {
  return Array.from({length: seeds}, (_, i) =>
    cells.map((cell): Task => {
      const seed = (cell.experiment.seed ?? 1) + i;
      return {cell, seed, run: `${cell.experiment.name}-${slug(cell.name)}-seed-${seed}`};
    }),
  ).flat();
}

/** Short trainings at the end leave no core idle for long; those of which nothing is known are begun first. */
function longest(waiting: ReadonlySet<Task>, done: ReadonlyMap<Task, CellRun>): Task {
  const known = new Map([...done].map(([{cell}, {duration = 0}]) => [cell, duration]));
  const lengthOf = ({cell}: Task): number => known.get(cell) ?? Infinity;
  return [...waiting].reduce((best, task) => (lengthOf(task) > lengthOf(best) ? task : best));
}

async function train(
  task: Task,
  {folder, plan, jobs, worker, signal, progress}: ReproduceJob,
): Promise<CellRun> {
  const {cell, seed, run} = task;
  const path = join(folder, reproductionFiles.runs, run);
  const label = `${cell.name} #${seed}`;
  const finished = await readJson<RunResult>(join(path, runFiles.result));
  if (finished !== undefined && finished.reason !== 'failed') {
    progress?.done(label);
    return cellRun(task, finished);
  }
  const config: RunConfig = {
    version: 1,
    experiment: cell.experiment.name,
    options: cell.options,
    seed,
    backend: plan.backend,
    threads: Math.max(1, Math.floor(availableParallelism() / jobs)),
    ...(plan.data === undefined ? {} : {data: plan.data}),
    created: plan.created,
  };
  await mkdir(path, {recursive: true});
  await writeJson(join(path, runFiles.config), config);
  progress?.update(label, {fraction: 0, text: 'starting'});
  const outcome = await trainInChild(path, {
    worker,
    signal,
    onProgress: (fraction, text) => progress?.update(label, {fraction, text}),
  });
  if (outcome.reason === 'stopped') return {seed, run};
  if (outcome.reason === 'died') {
    progress?.done(label, outcome.message);
    return {seed, run, problem: outcome.message};
  }
  const reproduced = cellRun(task, outcome);
  if (outcome.reason !== 'failed') await dropWeights(path);
  progress?.done(label, reproduced.problem ?? `${cell.metric} ${figure(reproduced.value!)}`);
  return reproduced;
}

/** One that could not even begin takes the others not with it. */
function failed({seed, run}: Task): (error: Error) => CellRun {
  return ({message}) => ({seed, run, problem: message});
}

function cellRun({cell, seed, run}: Task, {reason, metrics, duration, error}: RunResult): CellRun {
  const value = revivedMetrics(metrics)[cell.metric];
  if (reason !== 'diverged' && value !== undefined && Number.isFinite(value)) {
    return {seed, run, value, duration};
  }
  const problem = error?.message ?? `${reason}; ${cell.metric} is ${value ?? 'missing'}`;
  return {seed, run, duration, problem};
}

/** Hundreds of networks that nobody will ask for. */
async function dropWeights(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (/^checkpoint(-\d+-\d+[.]bin|[.]json)$/.test(file)) await rm(join(folder, file));
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
