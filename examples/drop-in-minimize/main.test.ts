import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('walks down the valley in both directions at once', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  expect(stdout).toContain('height before: 500.500');
  const [, after] = /after 100 steps: (\d+\.\d+)/.exec(stdout)!;
  expect(Number(after)).toBeLessThan(0.1);
});
