import {execFile} from 'node:child_process';
import {promisify, stripVTControlCharacters} from 'node:util';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('draws within 80 columns, suggests a rate, and learns at it', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  const lines = stripVTControlCharacters(stdout).split('\n');
  expect(lines.length).toBeGreaterThan(12);
  expect(Math.max(...lines.map(({length}) => length))).toBeLessThanOrEqual(80);
  const rate = Number(/suggested learning rate: (\S+)/.exec(stdout)![1]);
  expect(rate).toBeGreaterThan(1e-4);
  expect(rate).toBeLessThan(1);
  expect(Number(/accuracy (\d\.\d+)/.exec(stdout)![1])).toBeGreaterThan(0.9);
});
