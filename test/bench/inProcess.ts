import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import type {Request} from './contenders/serve.js';
import type {Comparison, Contender} from './harness.js';

/** Contenders in a process of their own, which is idle while others run. */
interface BenchProcess {
  readonly versions: Readonly<Record<string, string>>;
  /** What it can be asked to do. */
  readonly jobs: readonly string[];
  contender(job: string, steps: number): Contender;
  end(): void;
}

/** Starts one of the scripts in `contenders`. */
async function startProcess(
  script: 'tfjs' | 'jaxJs' | 'transforms' | 'captures',
  args: readonly string[],
): Promise<BenchProcess> {
  const child = fork(fileURLToPath(new URL(`contenders/${script}.ts`, import.meta.url)), args, {
    execArgv: ['--import=tsx'],
  });
  const {versions, jobs} = await answer<Pick<BenchProcess, 'versions' | 'jobs'>>(child);
  return {
    versions,
    jobs,
    contender: (job, steps) => ({
      steps,
      versions,
      run: async () => {
        child.send({job, steps} satisfies Request);
        const {taken} = await answer<{taken: number}>(child);
        return taken;
      },
    }),
    end: () => void child.kill(),
  };
}

/** Ends the processes when the comparison is over. */
export async function* withProcesses(
  comparison: (start: typeof startProcess) => Promise<Comparison>,
): AsyncGenerator<Comparison> {
  const started: BenchProcess[] = [];
  try {
    yield await comparison(async (...args) => {
      const process = await startProcess(...args);
      started.push(process);
      return process;
    });
  } finally {
    for (const process of started) process.end();
  }
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
