import type {Reference} from '../cell.js';
import {readJson} from '../runs/readJson.js';
import type {PlannedCell, ReproductionMode} from './planCells.js';
import {meanOf, spreadOf} from './statistics.js';
import {type Verdict, verdict} from './verdict.js';

/** What a reproduction was asked to do; all that `--resume` needs. */
export interface ReproductionPlan {
  readonly version: 1;
  readonly mode: ReproductionMode;
  readonly seedDoc?: number;
  /** Random seeds per cell. */
  readonly seeds: number;
  readonly backend: string;
  readonly data?: string;
  /** ISO 8601. */
  readonly created: string;
}

/** One training of a cell. */
export interface CellRun {
  readonly seed: number;
  /** Id of the run, in the folder `runs` of the reproduction. */
  readonly run: string;
  /** The cell's figure; missing where the training did not get there. */
  readonly value?: number;
  /** Milliseconds. */
  readonly duration?: number;
  /** Why there is no figure. */
  readonly problem?: string;
}

/** A cell with what came of it. */
export interface ReproducedCell {
  readonly experiment: string;
  readonly seedDoc: number;
  readonly cell: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Trained for less long than the published one. */
  readonly isShortened: boolean;
  readonly metric: string;
  readonly runs: readonly CellRun[];
  readonly mean?: number;
  /** Standard deviation over the random seeds (n − 1). */
  readonly sd?: number;
  readonly published?: number;
  readonly rerun?: Reference;
  readonly tolerance: number;
  readonly verdict: Verdict | 'failed' | 'not trained';
}

/** What `reproduction.json` holds. */
export interface Reproduction {
  readonly version: 1;
  readonly plan: ReproductionPlan;
  /** False where it was interrupted. */
  readonly isFinished: boolean;
  /** Milliseconds that the trainings took together, whichever attempt they were made in. */
  readonly duration: number;
  readonly cells: readonly ReproducedCell[];
}

/** Compares a cell's runs with what is published. */
export function reproducedCell(planned: PlannedCell, runs: readonly CellRun[]): ReproducedCell {
  const {experiment, name, options, isShortened, metric, tolerance, published, rerun} = planned;
  const values = runs.flatMap(({value}) => (value === undefined ? [] : [value]));
  const isBroken = runs.some(({problem}) => problem !== undefined);
  return {
    experiment: experiment.name,
    seedDoc: experiment.seedDoc,
    cell: name,
    options,
    isShortened,
    metric,
    runs,
    ...(values.length === 0 ? {} : {mean: meanOf(values)}),
    ...(values.length < 2 ? {} : {sd: spreadOf(values)}),
    ...(published === undefined ? {} : {published}),
    ...(rerun === undefined ? {} : {rerun}),
    tolerance,
    verdict: values.length > 0 ? verdict(values, planned) : isBroken ? 'failed' : 'not trained',
  };
}

/** All cells together. */
export function reproductionOf(plan: ReproductionPlan, cells: readonly ReproducedCell[]): Reproduction {
  const runs = cells.flatMap((cell) => cell.runs);
  return {
    version: 1,
    plan,
    isFinished: runs.every(({value, problem}) => value !== undefined || problem !== undefined),
    duration: runs.reduce((sum, run) => sum + (run.duration ?? 0), 0),
    cells,
  };
}

/** Whether a training has given no figure. */
export function hasFailed({cells}: Reproduction): boolean {
  return cells.some(({runs}) => runs.some(({problem}) => problem !== undefined));
}

/** What lies in the folder of a reproduction. */
export const reproductionFiles = {
  plan: 'plan.json',
  runs: 'runs',
  json: 'reproduction.json',
  csv: 'reproduction.csv',
  html: 'reproduction.html',
} as const;

/** The plan in a folder; undefined where there is none. */
export function readPlan(file: string): Promise<ReproductionPlan | undefined> {
  return readJson<ReproductionPlan>(file);
}
