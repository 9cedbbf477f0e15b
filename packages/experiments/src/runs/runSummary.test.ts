import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {listRuns, runSummary} from './runSummary.js';

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'gradwire-runs-'));
  await mkdir(join(runs, 'good'));
  const config = {
    version: 1,
    experiment: 'tiny',
    options: {},
    seed: 1,
    backend: 'cpu',
    created: '2026-01-01',
  };
  await writeFile(join(runs, 'good', 'config.json'), JSON.stringify(config));
});
afterEach(() => rm(runs, {recursive: true}));

it.each([
  ['a plain file', () => writeFile(join(runs, '.DS_Store'), 'x')],
  ['an empty folder', () => mkdir(join(runs, 'empty'))],
  [
    "somebody else's folder",
    async () => {
      await mkdir(join(runs, 'other'));
      await writeFile(join(runs, 'other', 'config.json'), '{"name": "of another program"}');
    },
  ],
  [
    'a damaged run',
    async () => {
      await mkdir(join(runs, 'damaged'));
      await writeFile(join(runs, 'damaged', 'config.json'), '{"version": 1, "exp');
    },
  ],
])('a list of runs leaves out %s', async (_, make) => {
  await make();
  expect((await listRuns(runs)).map(({id}) => id)).toEqual(['good']);
});

it('a damaged run that is asked for is named', async () => {
  await writeFile(join(runs, 'good', 'config.json'), '{"version": 1, "exp');
  await expect(runSummary(join(runs, 'good'))).rejects.toThrow(/good\/config.json is no JSON/);
});
