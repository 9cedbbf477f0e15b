import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';

const script = fileURLToPath(new URL('../../fixtures/computeOnThreads.ts', import.meta.url));

interface Outcome {
  readonly threads: number;
  readonly results: readonly string[];
  readonly newListeners: readonly number[];
  readonly workerIsGlobal: boolean;
}

/** Runs the script to its end in a process of its own, which has to end by itself. */
async function compute(args: readonly (number | string)[]): Promise<Outcome & {warnings: string}> {
  const options = ['--conditions=gradwire:source', '--import=tsx'];
  const {stdout, stderr} = await promisify(execFile)(
    process.execPath,
    [...options, script, ...args.map(String)],
    {timeout: 50_000},
  );
  return {...(JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome), warnings: stderr};
}

describe('threads in Node', () => {
  it('compute, to the last bit, what one thread does, and the program ends by itself', async () => {
    const [one, two, four] = [await compute([1]), await compute([2]), await compute([4])];
    expect([one.threads, two.threads, four.threads]).toEqual([1, 2, 4]);
    expect(two.results).toEqual(one.results);
    expect(four.results).toEqual(one.results);
  });

  it('do not trip over each other in thousands of jobs', async () => {
    const {results} = await compute([3, 3000]);
    expect(results).toHaveLength(1);
  });

  it('leave the process as it was: no handlers, no global Worker', async () => {
    const {newListeners, workerIsGlobal} = await compute([2]);
    expect(newListeners).toEqual([0, 0]);
    expect(workerIsGlobal).toBe(false);
  });

  it.each([
    ['forbidden', 'workers are forbidden'],
    ['failing', 'out of luck'],
  ])('give way to one thread, with a warning, where workers are %s', async (how, reason) => {
    const {threads, warnings} = await compute([2, 1, how]);
    expect(threads).toBe(1);
    expect(warnings).toContain(`prepareWasm: threads do not start here (${reason}); computing with one.`);
  });
});
