import {availableParallelism} from 'node:os';
import type {Command} from 'commander';
import {Option} from 'commander';
import type {Experiment} from '../experiment.js';
import type {CliContext} from './context.js';
import {parseCount} from './parseNumber.js';
import type {ReproduceFlags} from './reproducePlan.js';

const VERDICTS = `
agrees: our mean, or the range of our values, is within the tolerance of the
published figure. published value is a single run: it is not, but it lies where
95 of 100 further runs of ours would, or independent re-runs of the published
program contradict it and agree with ours. differs: neither.`;

/** `gradwire reproduce`. */
export function reproduceCommand(
  program: Command,
  experiments: readonly Experiment<object>[],
  context: CliContext,
  done: (code: number) => void,
): void {
  program
    .command('reproduce')
    .description('train the rows of the published tables, and compare')
    .addOption(
      new Option('--seed-doc <n>', 'only this one of the five seed documents').argParser(
        parseCount('--seed-doc', 1),
      ),
    )
    .addOption(
      new Option('--quick', 'short forms, within 10 minutes on two cores (default)').conflicts('full'),
    )
    .option('--full', 'every row as it was published; takes hours')
    .addOption(
      new Option('--seeds <n>', 'random seeds per row (default: quick 2, full 3)').argParser(
        parseCount('--seeds', 1),
      ),
    )
    .addOption(
      new Option(
        '--jobs <n>',
        `trainings at the same time (default ${availableParallelism()}, one per core)`,
      ).argParser(parseCount('--jobs', 1)),
    )
    .option('--data <dir>', 'folder with mnist/ and fashion-mnist/ (default: download once)')
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--name <id>', 'name of the reproduction (default: reproduce and time)')
    .option('--backend <name>', 'auto, tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu', 'auto')
    .option('--resume [reproduction]', 'go on with this one, or with the latest that did not end')
    .option('--quiet', 'show no progress')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', VERDICTS)
    .action(async (flags: ReproduceFlags) => {
      const {reproduce} = await import('./reproduce.js');
      done(await reproduce(experiments, flags, context));
    });
}
