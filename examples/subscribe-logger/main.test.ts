import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {parseEvent} from '@gradwire/core';
import {expect, it} from 'vitest';

const run = promisify(execFile);

it('logs in three ways', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'subscribe-logger-'));
  const file = join(folder, 'run.jsonl');
  try {
    const {stdout} = await run(process.execPath, ['--import', 'tsx', 'main.ts', file], {
      cwd: import.meta.dirname,
    });
    expect(stdout.match(/mean loss of 10 steps/g)).toHaveLength(10);
    expect(stdout.match(/gradient of hidden\/kernel/g)).toHaveLength(3);
    expect(stdout.match(/epoch \d done/g)).toHaveLength(3);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const types = lines.map((line) => parseEvent(line).type);
    expect(types[0]).toBe('runBegin');
    expect(types.filter((type) => type === 'step')).toHaveLength(96);
    expect(types.at(-1)).toBe('runEnd');
  } finally {
    await rm(folder, {recursive: true});
  }
});
