import {figure, meanAndSpread} from '../cli/format.js';
import {textTable, wrapped} from '../cli/textTable.js';
import type {ReproducedCell, Reproduction} from './reproduction.js';

const HEAD = ['cell', 'ours', 'published', 're-runs', 'verdict'];
const NONE = '–';

/** The cells beside what is published, in 80 columns: a table for each experiment, and what needs a word below. */
export function reproductionTable({cells, plan}: Pick<Reproduction, 'cells' | 'plan'>): string {
  const experiments = [...new Set(cells.map(({experiment}) => experiment))];
  const tables = experiments.map((experiment) => {
    const rows = cells.filter((cell) => cell.experiment === experiment);
    const metrics = [...new Set(rows.map(({metric}) => metric))];
    const table = textTable(
      HEAD,
      rows.map((cell) => reproductionRow(cell, plan.seeds, metrics.length > 1)),
    );
    return `Seed document ${rows[0]!.seedDoc}: ${experiment} (${metrics.join(', ')})\n\n${table}`;
  });
  return [...tables, reproductionNotes(cells, plan.seeds).map(wrapped).join('\n')].join('\n\n');
}

/** A cell as a row of a table. */
export function reproductionRow(
  {cell, isShortened, metric, runs, mean, sd, published, rerun, verdict}: ReproducedCell,
  seeds: number,
  namesMetric: boolean,
): string[] {
  const count = runs.filter(({value}) => value !== undefined).length;
  const ours = mean === undefined ? NONE : meanAndSpread(mean, sd);
  return [
    `${cell}${namesMetric ? `: ${metric}` : ''}${isShortened ? ' *' : ''}`,
    count === seeds || count === 0 ? ours : `${ours} (${count})`,
    published === undefined ? NONE : figure(published),
    rerun === undefined ? NONE : `${figure(rerun.low)}–${figure(rerun.high)}`,
    verdict.replace('value is', 'value\nis'),
  ];
}

/** What needs a word below a table of these cells. */
export function reproductionNotes(cells: readonly ReproducedCell[], seeds: number): string[] {
  const sources = (isShortened: boolean): string =>
    [
      ...new Set(
        cells.flatMap((cell) =>
          cell.isShortened === isShortened && cell.rerun !== undefined ? [cell.rerun.source] : [],
        ),
      ),
    ].join('; ');
  return [
    `Ours: mean ± standard deviation over ${seeds} random seeds.`,
    ...(cells.some(({isShortened}) => isShortened)
      ? [
          `* Shortened, so that the published figure is no match; re-runs: the same short form in ${sources(true) || 'no other program'}.`,
        ]
      : []),
    ...(sources(false) === '' ? [] : [`Re-runs: ${sources(false)}.`]),
    ...cells.flatMap(({cell, runs}) =>
      runs.flatMap(({seed, problem}) => (problem === undefined ? [] : [`${cell}, seed ${seed}: ${problem}`])),
    ),
  ];
}
