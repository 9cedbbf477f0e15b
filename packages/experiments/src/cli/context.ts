import type {Experiment} from '../experiment.js';

/** What the command line works with. */
export interface CliContext {
  /** Loads the experiments, which takes a moment; only where they are needed. */
  experiments(): Promise<readonly Experiment<object>[]>;
  /** The program that trains a cell in a process of its own. */
  readonly worker: string;
}

/** Prints a line of results, or several. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Tells a person something beside the results; in the place of a progress bar, which comes back below. */
export function tell(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[2K' : ''}${text}\n`);
}

/** What further commands need to find runs in this folder. */
export function runsFlag(runs: string): string {
  return runs === 'runs' ? '' : ` --runs ${runs}`;
}
