import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('trains with the parts and the clock of the container', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  const epochs = [...stdout.matchAll(/t=(\d+) epoch (\d): loss \d\.\d{4}/g)];
  expect(epochs.map(([, , epoch]) => epoch)).toEqual(['0', '1', '2']);
  expect(Number(epochs[2]![1])).toBeLessThan(1000);
});
