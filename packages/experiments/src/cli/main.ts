import {Command, CommanderError} from 'commander';
import {gradwireVersion} from '../runs/gradwireVersion.js';
import {UserError} from '../userError.js';
import {compareCommand} from './compareCommand.js';
import {type CliContext, tell} from './context.js';
import {doctorCommand} from './doctorCommand.js';
import {listCommand} from './listCommand.js';
import {reportCommand} from './reportCommand.js';
import {reproduceCommand} from './reproduceCommand.js';
import {runCommand} from './runCommand.js';

const EXIT_CODES = `
Exit codes: 0 done; 1 a training diverged or failed; 2 the command line is not
understood, or asks for what there is not; 130 interrupted by Ctrl-C.`;

/**
 * The command line.
 *
 * @returns the exit code.
 */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  let code = 0;
  const done = (ended: number): void => {
    code = ended;
  };
  const program = new Command('gradwire')
    .description('Trains and reproduces the published experiments on vanishing gradients.')
    .version(await gradwireVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({showGlobalOptions: false})
    .configureOutput({writeErr: () => {}})
    .exitOverride();
  try {
    // Commands inherit what is set above by being added to it.
    const needsExperiments = args.some((word) => word === 'run' || word === 'reproduce');
    const experiments = needsExperiments ? await context.experiments() : [];
    runCommand(program, experiments, done);
    reproduceCommand(program, experiments, context, done);
    compareCommand(program);
    reportCommand(program);
    listCommand(program);
    doctorCommand(program, done);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], {from: 'user'});
    return code;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    tell(`gradwire: ${sentenceOf(error)}`);
    return 2;
  }
  tell(`gradwire: ${error instanceof Error ? error.message : String(error)}`);
  return error instanceof UserError ? 2 : 1;
}

/** Commander's words on one line. */
function sentenceOf({message, code}: CommanderError): string {
  // All other commands do something by themselves.
  if (code === 'commander.help')
    return 'run needs the name of an experiment; gradwire run --help lists them.';
  const [problem = '', ...hints] = message.replace(/^error: /, '').split('\n');
  const hint = hints.join(' ').replace(/^\((.*)\)$/, '$1');
  return hint === '' ? `${problem.replace(/[.]$/, '')}; --help lists what there is.` : `${problem}. ${hint}`;
}
