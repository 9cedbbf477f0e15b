import {type ChildProcess, fork} from 'node:child_process';
import type {RunOutcome} from '../runs/runJob.js';
import {type CellMessage, STOP} from './messages.js';

/** How a process that trains is started and listened to. */
export interface ChildOptions {
  /** The program; its argument is the folder of the run. */
  readonly worker: string;
  /** Asks it to end at the next step boundary. */
  readonly signal: AbortSignal;
  onProgress(fraction: number, text: string): void;
}

/** What a process has left: the outcome of its training, or why there is none. */
export type ChildOutcome = RunOutcome | {readonly reason: 'died'; readonly message: string};

/** Those that have been started and have not ended. */
const alive = new Set<ChildProcess>();

/** Ends them at once: for when this process does. */
export function killChildren(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Trains the run in a folder in a process of its own. One that crashes takes nothing with it, and is an outcome. */
export function trainInChild(
  folder: string,
  {worker, signal, onProgress}: ChildOptions,
): Promise<ChildOutcome> {
  return new Promise((resolve) => {
    const child = fork(worker, [folder], {stdio: ['ignore', 'ignore', 'pipe', 'ipc']});
    alive.add(child);
    let lastWords = '';
    let outcome: ChildOutcome | undefined;
    const stop = (): void => {
      if (child.connected) child.send(STOP);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    child.on('message', (message: CellMessage) => {
      if (message.type === 'progress') onProgress(message.fraction, message.text);
      else if (message.type === 'outcome') ({outcome} = message);
      else outcome = {reason: 'died', message: message.message};
    });
    const end = (message: string): void => {
      alive.delete(child);
      signal.removeEventListener('abort', stop);
      // Interrupted while it loads its program, a process ends without a word.
      resolve(outcome ?? (signal.aborted ? {reason: 'stopped', epochs: 0} : {reason: 'died', message}));
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, killedBy) => {
      const cause = killedBy === null ? `exit code ${code}` : killedBy;
      end(`its process ended with ${cause}${tailOf(lastWords)}`);
    });
  });
}

/** The last line that was written, which mostly says what went wrong; of a stack trace, the error. */
function tailOf(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+at |^Node[.]js v/.test(line));
  const error = lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return error === undefined ? '' : `: ${error.trim()}`;
}
