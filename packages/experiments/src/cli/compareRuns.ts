import type {RunSummary} from '../runs/runSummary.js';
import {figure, optionText} from './format.js';
import {textTable, WIDTH} from './textTable.js';

type Row = readonly [name: string, ...values: string[]];

/** Runs side by side; every row has a value for each of them. */
export interface Comparison {
  readonly runs: readonly string[];
  readonly figures: readonly Row[];
  /** Those that are not the same in all runs. */
  readonly options: readonly Row[];
}

/** What runs have come to, and what was different about them. */
export function compareRuns(runs: readonly RunSummary[]): Comparison {
  const figures = namesIn(runs.map(({metrics}) => metrics)).map((name): Row => [
    name,
    ...runs.map(({metrics}) => (name in metrics ? figure(metrics[name]!) : '–')),
  ]);
  const settings = runs.map(({config, state}) => ({
    experiment: config.experiment,
    ...config.options,
    seed: config.seed,
    state,
  }));
  const options = namesIn(settings)
    .map((name): Row => [
      name,
      ...settings.map((values) => optionText((values as Readonly<Record<string, unknown>>)[name])),
    ])
    .filter(([, ...values]) => new Set(values).size > 1);
  return {runs: runs.map(({id}) => id), figures, options};
}

/** The comparison in 80 columns; runs go by letters where their names are too long to head a column. */
export function comparisonText({runs, figures, options}: Comparison): string {
  const letters = runs.map((_, i) => letterOf(i));
  const legend = runs.map((run, i) => `${letters[i]}  ${run}`).join('\n');
  const rows = [...figures, ...(options.length > 0 && figures.length > 0 ? [[''] as Row] : []), ...options];
  return [legend, ...blocks(rows, letters)].join('\n\n');
}

/** As many runs beside each other as there is room for. */
function blocks(rows: readonly Row[], letters: readonly string[]): string[] {
  const name = Math.max(...rows.map(([title]) => title.length), 0);
  const cell = Math.max(...rows.flatMap(([, ...values]) => values.map(({length}) => length)), 1);
  const most = Math.max(1, Math.floor((WIDTH - name) / (cell + 2)));
  const tables: string[] = [];
  for (let from = 0; from < letters.length; from += most) {
    const part = letters.slice(from, from + most);
    tables.push(
      textTable(
        ['', ...part],
        rows.map(([title, ...values]) => [title, ...part.map((_, i) => values[from + i] ?? '')]),
        {right: part.map((_, i) => i + 1)},
      ),
    );
  }
  return tables;
}

/** `A` … `Z`, `AA`, … */
function letterOf(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest > 0 ? letterOf(rest - 1) : ''}${String.fromCodePoint(65 + (index % 26))}`;
}

function namesIn(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}
