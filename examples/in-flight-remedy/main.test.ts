import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('says what was done, why, and what came of it; and learns', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  expect(stdout).toMatch(/step \d+: \S+.* applied: new values for \d+ parameters/);
  expect(stdout).toMatch(/because: \S.*\./);
  expect(stdout).toMatch(/ kept\n {2}loss 0\.\d{3} → \d\.\d{3}/);
  expect(Number(/accuracy (\d\.\d+)/.exec(stdout)![1])).toBeGreaterThan(0.9);
});
