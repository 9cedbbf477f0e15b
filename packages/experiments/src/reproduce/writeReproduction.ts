import {join} from 'node:path';
import {type RecordedRun, report, type ReportOptions, type ReportTable} from '@gradwire/report';
import {stringify} from 'csv-stringify/sync';
import {readRun} from '../runs/readRun.js';
import {runSummary} from '../runs/runSummary.js';
import {writeJson, writeWhole} from '../runs/writeWhole.js';
import {reproductionNotes, reproductionRow} from './reproductionTable.js';
import {
  type ReproducedCell,
  type Reproduction,
  reproductionFiles,
  type ReproductionPlan,
} from './reproduction.js';
import {thinned} from './thinned.js';

/**
 * Writes a reproduction as JSON, as CSV, and as pages: one with the tables, and for each experiment one with the curves of every
 * cell's first run. A single experiment has one page for both. Returns the names of the pages.
 */
export async function writeReproduction(folder: string, reproduction: Reproduction): Promise<string[]> {
  await writeJson(join(folder, reproductionFiles.json), reproduction);
  await writeWhole(join(folder, reproductionFiles.csv), csvOf(reproduction));
  const {cells, plan, isFinished} = reproduction;
  const title = `Reproduction, ${plan.mode}${isFinished ? '' : ', interrupted'}`;
  const experiments = [...new Set(cells.map(({experiment}) => experiment))];
  const groups = experiments.map((name) => cells.filter(({experiment}) => experiment === name));
  const pages: string[] = [];
  const write = async (file: string, page: ReportOptions): Promise<void> => {
    await writeWhole(join(folder, file), report(page));
    pages.push(file);
  };
  if (experiments.length > 1) {
    const tables = groups.map((group) => tableOf(group, plan));
    await write(reproductionFiles.html, {title, runs: [], tables});
  }
  for (const [i, group] of groups.entries()) {
    await write(experiments.length > 1 ? `${experiments[i]}.html` : reproductionFiles.html, {
      title: `${experiments[i]}: ${title}`,
      runs: await firstRuns(folder, group),
      tables: [tableOf(group, plan)],
    });
  }
  return pages;
}

function tableOf(cells: readonly ReproducedCell[], {seeds}: ReproductionPlan): ReportTable {
  return {
    title: `${cells[0]!.experiment}, beside the published figures`,
    columns: ['cell', 'ours', 'published', 're-runs', 'verdict'],
    rows: cells.map((cell) => reproductionRow(cell, seeds, true)),
    notes: reproductionNotes(cells, seeds),
  };
}

function csvOf({cells}: Reproduction): string {
  const rows = cells.map(({runs, rerun, options: _, ...cell}) => ({
    ...cell,
    n: runs.filter(({value}) => value !== undefined).length,
    values: runs.flatMap(({value}) => value ?? []).join(' '),
    rerunLow: rerun?.low,
    rerunHigh: rerun?.high,
    rerunSource: rerun?.source,
  }));
  return stringify(rows, {
    header: true,
    columns: COLUMNS,
    cast: {boolean: String},
  });
}

const COLUMNS =
  'seedDoc experiment cell isShortened metric n mean sd values published rerunLow rerunHigh rerunSource tolerance verdict'.split(
    ' ',
  );

async function firstRuns(folder: string, cells: readonly ReproducedCell[]): Promise<RecordedRun[]> {
  const recorded: RecordedRun[] = [];
  for (const {cell, runs} of cells) {
    const first = runs.find(({value}) => value !== undefined);
    const summary = first && (await runSummary(join(folder, reproductionFiles.runs, first.run)));
    if (summary === undefined) continue;
    const run = await readRun(summary);
    recorded.push({...run, name: cell, events: thinned(run.events)});
  }
  return recorded;
}
