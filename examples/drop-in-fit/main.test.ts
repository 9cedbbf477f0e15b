import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('learns the spiral with clipped, noisy gradients', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  const [, accuracy] = /accuracy after 60 epochs: (\d\.\d+)/.exec(stdout)!;
  expect(Number(accuracy)).toBeGreaterThan(0.85);
});
