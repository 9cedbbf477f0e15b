import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import type {Contender} from './harness.js';

/** A contender in a process of its own, which is idle while others run. */
export interface ProcessContender extends Contender {
  readonly versions: Readonly<Record<string, string>>;
  end(): void;
}

/** Starts one of the scripts in `contenders`. */
export async function inProcess(
  script: 'tfjs' | 'jaxJs',
  args: readonly string[],
  steps: number,
): Promise<ProcessContender> {
  const child = fork(fileURLToPath(new URL(`contenders/${script}.ts`, import.meta.url)), args, {
    execArgv: ['--import=tsx'],
  });
  const {versions} = await answer<{versions: Record<string, string>}>(child);
  return {
    steps,
    versions,
    run: async () => {
      child.send(steps);
      const {taken} = await answer<{taken: number}>(child);
      return taken;
    },
    end: () => void child.kill(),
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const stopped = new AbortController();
  const {signal} = stopped;
  try {
    const exit = once(child, 'exit', {signal}).then(([code]) => {
      throw new Error(`A contender has ended with exit code ${String(code)}.`);
    });
    const [message] = await Promise.race([once(child, 'message', {signal}), exit]);
    return message as T;
  } finally {
    stopped.abort();
  }
}
