import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('shows the gradients of every layer and says that they vanish', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  const [first] = stdout.match(/reach each layer: .*/)!;
  const deviations = first.split(': ')[1]!.split(' ').map(Number);
  expect(deviations).toHaveLength(9);
  expect(Math.max(...deviations) / Math.min(...deviations)).toBeGreaterThan(1000);
  expect(stdout).toMatch(/step \d+: vanishingGradients\. .*hidden_0.* Try .*sigmoidRescue/);
});
