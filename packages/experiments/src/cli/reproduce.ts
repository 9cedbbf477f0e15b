import {availableParallelism} from 'node:os';
import {basename} from 'node:path';
import {taskProgress, type TaskProgress} from '@gradwire/loggers';
import type {Experiment} from '../experiment.js';
import type {PlannedCell} from '../reproduce/planCells.js';
import {reproduceCells} from '../reproduce/reproduceCells.js';
import {
  hasFailed,
  type Reproduction,
  reproductionFiles,
  reproductionOf,
  type ReproductionPlan,
} from '../reproduce/reproduction.js';
import {reproductionTable} from '../reproduce/reproductionTable.js';
import {killChildren} from '../reproduce/trainInChild.js';
import {writeReproduction} from '../reproduce/writeReproduction.js';
import {requireRunName} from '../runs/runId.js';
import {toJson} from '../runs/writeWhole.js';
import {type CliContext, print, runsFlag, tell} from './context.js';
import {fetchImages} from './fetchImages.js';
import {duration} from './format.js';
import {INTERRUPTED, listenForInterrupt} from './interrupt.js';
import {begin, cellsOf, planOf, planToResume, type ReproduceFlags} from './reproducePlan.js';

const ENDING = 'gradwire: ending at the next step of each training; Ctrl-C again: at once.';

/** Trains the cells of the published tables and compares them with what is published. Returns the exit code. */
export async function reproduce(
  experiments: readonly Experiment<object>[],
  flags: ReproduceFlags,
  {worker}: CliContext,
): Promise<number> {
  if (flags.name !== undefined) requireRunName('--name', flags.name);
  const resumed = flags.resume === undefined ? undefined : await planToResume(flags);
  const plan = resumed?.plan ?? planOf(flags);
  const cells = cellsOf(experiments, plan);
  const quiet = flags.quiet === true;
  let bars: TaskProgress | undefined;
  const interrupt = listenForInterrupt(() => (bars?.print ?? tell)(ENDING), killChildren);
  const {signal} = interrupt;
  const began = performance.now();
  try {
    await fetchAll(cells, plan, {signal, quiet});
    const folder = resumed?.folder ?? (await begin(flags, plan));
    if (!quiet) {
      tell(`${basename(folder)}: ${cells.length} cells, ${plan.seeds} random seeds each (${plan.mode})`);
      bars = taskProgress({total: cells.length * plan.seeds, label: 'reproduce'});
    }
    const jobs = flags.jobs ?? availableParallelism();
    const reproduced = await reproduceCells({folder, plan, cells, jobs, worker, signal, progress: bars});
    bars?.close();
    bars = undefined;
    const reproduction = reproductionOf(plan, reproduced);
    const pages = await writeReproduction(folder, reproduction);
    print(
      flags.json === true
        ? toJson({folder, ...reproduction})
        : textOf(reproduction, {folder, pages, time: performance.now() - began}),
    );
    if (reproduction.isFinished) return hasFailed(reproduction) ? 1 : 0;
    tell(`Interrupted. To go on:\n  gradwire reproduce --resume ${basename(folder)}${runsFlag(flags.runs)}`);
    return INTERRUPTED;
  } catch (error) {
    if (!signal.aborted) throw error;
    tell('gradwire: interrupted before a training began.');
    return INTERRUPTED;
  } finally {
    bars?.close();
    interrupt.dispose();
  }
}

/** Once, before several processes ask for the same files. */
async function fetchAll(
  cells: readonly PlannedCell[],
  {data}: ReproductionPlan,
  options: {readonly signal: AbortSignal; readonly quiet: boolean},
): Promise<void> {
  const experiments = [...new Set(cells.map(({experiment}) => experiment))];
  const sets = new Map(
    experiments.flatMap((experiment) =>
      experiment.images === undefined ? [] : [[experiment.images, experiment]],
    ),
  );
  for (const experiment of sets.values()) await fetchImages(experiment, {data, ...options});
}

function textOf(
  reproduction: Reproduction,
  {folder, pages, time}: {readonly folder: string; readonly pages: readonly string[]; readonly time: number},
): string {
  const count = (verdict: string): number =>
    reproduction.cells.filter((cell) => cell.verdict === verdict).length;
  const verdicts = [...new Set(reproduction.cells.map(({verdict}) => verdict))].map(
    (verdict) => `${count(verdict)} ${verdict}`,
  );
  const files = [...pages, reproductionFiles.json, reproductionFiles.csv];
  return [
    reproductionTable(reproduction),
    '',
    `${reproduction.cells.length} cells in ${duration(time)}: ${verdicts.join(', ')}.`,
    `In ${folder}:\n${files.map((file) => `  ${file}`).join('\n')}`,
  ].join('\n');
}
