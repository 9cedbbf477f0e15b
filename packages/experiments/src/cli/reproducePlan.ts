import {readdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {Experiment} from '../experiment.js';
import {planCells, type PlannedCell} from '../reproduce/planCells.js';
import {
  readPlan,
  type Reproduction,
  reproductionFiles,
  type ReproductionPlan,
} from '../reproduce/reproduction.js';
import {createFolder} from '../runs/createFolder.js';
import {readJson} from '../runs/readJson.js';
import {timestamp} from '../runs/runId.js';
import {writeJson} from '../runs/writeWhole.js';
import {UserError} from '../userError.js';

/** The flags of `gradwire reproduce`. */
export interface ReproduceFlags {
  readonly seedDoc?: number;
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly seeds?: number;
  readonly jobs?: number;
  readonly data?: string;
  readonly runs: string;
  readonly name?: string;
  readonly backend: string;
  readonly resume?: string | true;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** A new plan. */
export function planOf({full, seeds, seedDoc, backend, data}: ReproduceFlags): ReproductionPlan {
  return {
    version: 1,
    mode: full === true ? 'full' : 'quick',
    seeds: seeds ?? (full === true ? 3 : 2),
    ...(seedDoc === undefined ? {} : {seedDoc}),
    backend,
    ...(data === undefined ? {} : {data: resolve(data)}),
    created: new Date().toISOString(),
  };
}

/** The cells of a plan; at least one. */
export function cellsOf(experiments: readonly Experiment<object>[], plan: ReproductionPlan): PlannedCell[] {
  const cells = planCells(experiments, plan);
  if (cells.length > 0) return cells;
  const known = [...new Set(experiments.map(({seedDoc}) => seedDoc))].sort((a, b) => a - b);
  if (plan.seedDoc !== undefined && !known.includes(plan.seedDoc)) {
    throw new UserError(`--seed-doc must be one of ${known.join(', ')}, got ${plan.seedDoc}.`);
  }
  throw new UserError('--quick: there are no short forms here; try --full.');
}

/** Makes the folder of a new reproduction. */
export async function begin({runs, name}: ReproduceFlags, plan: ReproductionPlan): Promise<string> {
  const folder = await createFolder(runs, {
    name,
    proposed: `reproduce-${plan.mode}-${timestamp(new Date(plan.created))}`,
  });
  await writeJson(join(folder, reproductionFiles.plan), plan);
  return folder;
}

/** The reproduction that `--resume` is about. */
export async function planToResume(
  flags: ReproduceFlags,
): Promise<{readonly folder: string; readonly plan: ReproductionPlan}> {
  const refused = (['seedDoc', 'quick', 'full', 'seeds', 'name'] as const).filter(
    (flag) => flags[flag] !== undefined,
  );
  if (refused.length > 0) {
    const names = refused.map((flag) => `--${flag === 'seedDoc' ? 'seed-doc' : flag}`);
    throw new UserError(`--resume goes on with the plan of the reproduction; leave out ${names.join(', ')}.`);
  }
  const folder =
    typeof flags.resume === 'string'
      ? await folderOf(flags.resume, flags.runs)
      : await latestUnfinished(flags.runs);
  return {folder, plan: (await readPlan(join(folder, reproductionFiles.plan)))!};
}

async function folderOf(nameOrPath: string, runs: string): Promise<string> {
  for (const folder of [join(runs, nameOrPath), nameOrPath]) {
    if ((await readPlan(join(folder, reproductionFiles.plan))) !== undefined) return folder;
  }
  throw new UserError(`--resume: there is no reproduction '${nameOrPath}' in ${runs}.`);
}

async function latestUnfinished(runs: string): Promise<string> {
  const entries = await readdir(runs).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const folder = join(runs, entry);
      const plan = await readPlan(join(folder, reproductionFiles.plan)).catch(() => undefined);
      const outcome = plan && (await readJson<Reproduction>(join(folder, reproductionFiles.json)));
      return plan !== undefined && outcome?.isFinished !== true ? [{folder, created: plan.created}] : [];
    }),
  );
  const [latest] = found.flat().toSorted((a, b) => b.created.localeCompare(a.created));
  if (latest === undefined)
    throw new UserError(`--resume: there is no reproduction in ${runs} that did not end.`);
  return latest.folder;
}
