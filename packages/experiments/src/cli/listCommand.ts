import type {Command} from 'commander';
import {listRuns, type RunSummary} from '../runs/runSummary.js';
import {toJson} from '../runs/writeWhole.js';
import {print} from './context.js';
import {age, figure} from './format.js';
import {mainMetric} from './mainMetric.js';
import {textTable, WIDTH} from './textTable.js';

interface ListFlags {
  readonly runs: string;
  readonly json?: boolean;
}

/** `gradwire list`. */
export function listCommand(program: Command): void {
  program
    .command('list')
    .description('list the runs that there are, the newest first')
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--json', 'print the list as JSON')
    .action(async ({runs, json}: ListFlags) => {
      const found = await listRuns(runs);
      if (json === true) print(toJson(found));
      else print(found.length === 0 ? `There are no runs in ${runs}.` : runsTable(found, new Date()));
    });
}

/** Runs with their state, by experiment: names are long, and must stay whole to be copied. */
function runsTable(runs: readonly RunSummary[], now: Date): string {
  const experiments = [...new Set(runs.map(({config}) => config.experiment))];
  return experiments
    .map((experiment) => {
      const rows = runs.filter(({config}) => config.experiment === experiment);
      return `${experiment}\n${rowsTable(rows, now)}`;
    })
    .join('\n\n');
}

function rowsTable(runs: readonly RunSummary[], now: Date): string {
  const head = ['  state', 'epochs', 'result', 'age'];
  const rows = runs.map((run) => rowOf(run, now));
  const ids = runs.map(({id}) => id);
  const table = textTable(
    [...head, 'run'],
    rows.map((row, i) => [...row, ids[i]!]),
    {right: [1]},
  );
  if (table.split('\n').every((line) => line.length <= WIDTH)) return table;
  const [titles = '', ...lines] = textTable(head, rows, {right: [1]}).split('\n');
  return [titles, ...lines.map((line, i) => `  ${ids[i]}\n${line}`)].join('\n');
}

function rowOf({state, epochsDone, epochs, metrics, config}: RunSummary, now: Date): string[] {
  const metric = mainMetric(metrics);
  return [
    `  ${state}`,
    epochs === undefined ? '–' : `${epochsDone}/${epochs}`,
    metric === undefined ? '–' : `${metric} ${figure(metrics[metric]!)}`,
    age(now.getTime() - Date.parse(config.created)),
  ];
}
