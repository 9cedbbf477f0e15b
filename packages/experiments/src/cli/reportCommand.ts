import {join} from 'node:path';
import type {Command} from 'commander';
import {findRun} from '../runs/findRun.js';
import {runFiles} from '../runs/runFiles.js';
import {toJson, writeWhole} from '../runs/writeWhole.js';
import {UserError} from '../userError.js';
import {print} from './context.js';
import {addFigureFlags, type FigureFlags, writeFigures} from './writeFigures.js';

interface ReportFlags extends FigureFlags {
  readonly runs: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `gradwire report <run>`. */
export function reportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('write a page with the pictures of a run; it may be going on')
    .argument('<run>', 'id of the run, or its folder')
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--out <file>', `the page (default: ${runFiles.report} in the folder of the run)`);
  addFigureFlags(command)
    .option('--json', 'print the names of the files as JSON')
    .action(async (nameOrPath: string, flags: ReportFlags) => {
      const files = await writeReport(nameOrPath, flags);
      print(flags.json === true ? toJson(files) : [files.report, ...files.figures].join('\n'));
    });
}

async function writeReport(
  nameOrPath: string,
  {runs, out, ...flags}: ReportFlags,
): Promise<{readonly report: string; readonly figures: readonly string[]}> {
  const {report} = await import('@gradwire/report');
  const {readRun} = await import('../runs/readRun.js');
  const summary = await findRun(nameOrPath, runs);
  const run = await readRun(summary);
  if (run.events.length === 0)
    throw new UserError(`${summary.id} has no events yet; try again once it trains.`);
  const file = out ?? join(summary.folder, runFiles.report);
  await writeWhole(file, report({title: summary.id, runs: [run]}));
  return {report: file, figures: await writeFigures([run], flags)};
}
