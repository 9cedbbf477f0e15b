import type {Command} from 'commander';
import {findRun} from '../runs/findRun.js';
import {toJson, writeWhole} from '../runs/writeWhole.js';
import {UserError} from '../userError.js';
import {compareRuns, comparisonText} from './compareRuns.js';
import {print} from './context.js';
import {addFigureFlags, type FigureFlags, writeFigures} from './writeFigures.js';

interface CompareFlags extends FigureFlags {
  readonly runs: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `gradwire compare <run> <run>`. */
export function compareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('show runs side by side: figures, and the options that differ')
    .argument('<run...>', 'ids of two runs or more, or their folders')
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--out <file>', 'the page with their curves', 'comparison.html');
  addFigureFlags(command)
    .option('--json', 'print the comparison as JSON')
    .action(async (names: readonly string[], {runs, out, json, ...flags}: CompareFlags) => {
      const {report} = await import('@gradwire/report');
      const {readRun} = await import('../runs/readRun.js');
      if (new Set(names).size < 2)
        throw new UserError('compare needs two different runs or more; gradwire list shows which there are.');
      const found = await Promise.all(names.map((name) => findRun(name, runs)));
      const comparison = compareRuns(found);
      const recorded = [];
      for (const summary of found) recorded.push(await readRun(summary));
      const tables = [
        {title: 'Figures', columns: ['figure', ...comparison.runs], rows: comparison.figures},
        {title: 'Options that differ', columns: ['option', ...comparison.runs], rows: comparison.options},
      ].filter(({rows}) => rows.length > 0);
      await writeWhole(out, report({title: comparison.runs.join(' · '), runs: recorded, tables}));
      const svgs = await writeFigures(recorded, flags);
      print(
        json === true
          ? toJson({...comparison, report: out, svgs})
          : `${comparisonText(comparison)}\n\nCurves: ${[out, ...svgs].join('\n')}`,
      );
    });
}
