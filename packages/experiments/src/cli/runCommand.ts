import {type Command, Option} from 'commander';
import type {Experiment} from '../experiment.js';
import {addExperimentOptions, readExperimentOptions} from './experimentOptions.js';
import {parseCount, parseSeconds} from './parseNumber.js';
import type {RunFlags} from './runExperiment.js';

/** `gradwire run <experiment>`. */
export function runCommand(
  program: Command,
  experiments: readonly Experiment<object>[],
  done: (code: number) => void,
): void {
  const run = program
    .command('run')
    .description('train one variant of an experiment')
    .usage('<experiment> [options]');
  for (const experiment of experiments) {
    const command = run.command(experiment.name).description(experiment.summary).usage('[options]');
    command.optionsGroup('The experiment:');
    addExperimentOptions(command, experiment);
    addRunOptions(command, experiment.seed ?? 1);
    command.addHelpText('after', `\n${experiment.source}`);
    command.action(async (flags: RunFlags) => {
      const {runExperiment} = await import('./runExperiment.js');
      done(await runExperiment(experiment, flags, readExperimentOptions(command, experiment)));
    });
  }
}

function addRunOptions(command: Command, seed: number): void {
  command
    .optionsGroup('The run:')
    .addOption(
      new Option('--seed <n>', `seed of everything random but the data (default ${seed})`).argParser(
        parseCount('--seed', 0),
      ),
    )
    .option(
      '--data <dir>',
      'folder with the image files, or with mnist/ or fashion-mnist/ in it (default: download once)',
    )
    .option('--runs <dir>', 'folder of all runs', 'runs')
    .option('--name <id>', 'name of the run (default: variant and time)')
    .option('--backend <name>', 'auto, tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu', 'auto')
    .addOption(
      new Option('--threads <n>', 'threads of the wasm backend (default: one per core)').argParser(
        parseCount('--threads', 1),
      ),
    )
    .option('--resume [run]', 'go on with this run, or with the latest that did not end')
    .addOption(
      new Option('--checkpoint-every <s>', 'seconds between two checkpoints, at least')
        .default(5)
        .argParser(parseSeconds('--checkpoint-every')),
    )
    .option('--tensorboard', 'write files for TensorBoard, too')
    .option('--quiet', 'show no progress')
    .option('--json', 'print the outcome as JSON');
}
