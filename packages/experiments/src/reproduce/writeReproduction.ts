import {join} from 'node:path';
import {report, type RecordedRun} from '@gradwire/report';
import {stringify} from 'csv-stringify/sync';
import {readRun} from '../runs/readRun.js';
import {runSummary} from '../runs/runSummary.js';
import {writeJson, writeWhole} from '../runs/writeWhole.js';
import {reproductionRow} from './reproductionTable.js';
import {type Reproduction, reproductionFiles} from './reproduction.js';
import {thinned} from './thinned.js';

/** Writes a reproduction as JSON, as CSV, and as a page with the curves of every cell's first run. */
export async function writeReproduction(folder: string, reproduction: Reproduction): Promise<void> {
  await writeJson(join(folder, reproductionFiles.json), reproduction);
  await writeWhole(join(folder, reproductionFiles.csv), csvOf(reproduction));
  const {cells, plan, isFinished} = reproduction;
  const table = {
    title: 'Ours beside the published figures',
    columns: ['experiment', 'cell', 'ours', 'published', 're-runs', 'verdict'],
    rows: cells.map((cell) => [cell.experiment, ...reproductionRow(cell, plan.seeds, true)]),
  };
  const title = `Reproduction, ${plan.mode}${isFinished ? '' : ', interrupted'}`;
  const page = report({title, runs: await firstRuns(folder, reproduction), tables: [table]});
  await writeWhole(join(folder, reproductionFiles.html), page);
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

async function firstRuns(folder: string, {cells}: Reproduction): Promise<RecordedRun[]> {
  const recorded: RecordedRun[] = [];
  for (const {experiment, cell, runs} of cells) {
    const first = runs.find(({value}) => value !== undefined);
    const summary = first && (await runSummary(join(folder, reproductionFiles.runs, first.run)));
    if (summary === undefined) continue;
    const run = await readRun(summary);
    recorded.push({...run, name: `${experiment}: ${cell}`, events: thinned(run.events)});
  }
  return recorded;
}
