import {fork} from 'node:child_process';
import type {Diagnosis} from './diagnosis.js';

const TIMEOUT_MS = 120_000;

/** Where and how a child measures. */
export interface ChildOptions {
  /** The program that sends the diagnosis of the backend that its argument names. */
  readonly program: string;
  /** Ends the child, and rejects. */
  readonly signal: AbortSignal;
  /** Milliseconds until a child that hangs is given up; default two minutes. */
  readonly timeout?: number;
}

/** Diagnoses a backend in a process of its own: one that aborts or hangs is a diagnosis, too. */
export function measureInChild(
  name: string,
  {program, signal, timeout = TIMEOUT_MS}: ChildOptions,
): Promise<Diagnosis> {
  const failed = (reason: string): Diagnosis => ({name, available: false, code: 'failed', reason});
  return new Promise((resolve, reject) => {
    const child = fork(program, [name], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
      timeout,
      killSignal: 'SIGKILL',
    });
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-1000);
    });
    child.once('error', reject);
    child.once('message', (diagnosis: Diagnosis) => {
      resolve(diagnosis);
      // Some keep the process alive, others crash when they end it.
      child.kill('SIGKILL');
    });
    child.once('close', (code, killedBy) => {
      if (child.killed) resolve(failed(`no answer within ${timeout / 1000} s`));
      const cause = killedBy ?? `exit code ${code}`;
      resolve(failed(`its process ended with ${cause}: ${lastWords.trim().split('\n').at(-1)}`));
    });
  });
}
