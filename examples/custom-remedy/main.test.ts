import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {testTransform} from '@gradwire/testing';
import {expect, it} from 'vitest';
import {liftByNorm} from './liftVanished.js';

const run = promisify(execFile);

testTransform({factory: liftByNorm, options: {minNorm: 0.1}});

it('lifts vanished gradients and learns', async () => {
  const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts'], {cwd: import.meta.dirname});
  expect(stdout).toMatch(/step 0: [1-9]\d* of 10 gradients lifted to norm 0.3/);
  const [, accuracy] = /accuracy: (\d\.\d+)/.exec(stdout)!;
  expect(Number(accuracy)).toBeGreaterThan(0.9);
});
