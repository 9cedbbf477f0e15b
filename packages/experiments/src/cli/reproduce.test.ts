import {mkdtempSync} from 'node:fs';
import {readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type Ended, gradwire, start} from '../../fixtures/cli/program.js';
import type {Reproduction} from '../reproduce/reproduction.js';

const folder = mkdtempSync(join(tmpdir(), 'gradwire-reproduce-'));
afterAll(() => rm(folder, {recursive: true}));

const reproduce = (name: string, ...args: string[]) =>
  start(folder, 'reproduce', '--backend', 'cpu', '--name', name, ...args);
const read = (name: string, file: string) => readFile(join(folder, 'runs', name, file), 'utf8');
const reproduction = async (name: string) =>
  JSON.parse(await read(name, 'reproduction.json')) as Reproduction;

describe('reproduce', () => {
  let ended: Ended;
  beforeAll(async () => {
    ended = await reproduce('grid', '--seed-doc', '2').ended;
  }, 120_000);

  it('compares every cell that has a short form with what is published', async () => {
    expect(ended.code).toBe(0);
    const {plan, isFinished, cells} = await reproduction('grid');
    expect(plan).toMatchObject({mode: 'quick', seeds: 2, seedDoc: 2});
    expect(isFinished).toBe(true);
    expect(cells).toMatchObject([
      {cell: 'relu', isShortened: true, rerun: {source: 'PyTorch, 10 seeds'}, verdict: 'agrees'},
      {cell: 'sigmoid, as published', isShortened: false, published: 7, verdict: 'differs'},
    ]);
    expect(cells[0]).not.toHaveProperty('published');
  });

  it('gives mean and spread over the random seeds', async () => {
    const {cells} = await reproduction('grid');
    for (const {runs, mean, sd} of cells) {
      expect(runs.map(({seed}) => seed)).toEqual([1, 2]);
      const [a, b] = runs.map(({value}) => value!) as [number, number];
      expect(mean).toBeCloseTo((a + b) / 2, 12);
      expect(sd).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    }
  });

  it('prints it as a table in 80 columns, and the time', () => {
    const {stdout} = ended;
    expect(stdout).toContain('Seed document 2: tiny (acc)\n');
    expect(stdout).toMatch(/^relu [*] +0[.]\d{4} ± \S+ +– +0–1 +agrees$/m);
    expect(stdout).toMatch(/^sigmoid, as published +0[.]\d{4} ± \S+ +7 +– +differs$/m);
    expect(stdout).toMatch(/^2 cells in [\d.]+ s: 1 agrees, 1 differs[.]$/m);
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  it('shows how the trainings come along', () => {
    expect(ended.stderr).toContain('grid: 2 cells, 2 random seeds each (quick)');
    expect(ended.stderr).toContain('4/4 done');
  });

  it('writes CSV and a page, too', async () => {
    const [head, first] = (await read('grid', 'reproduction.csv')).split('\n');
    expect(head).toContain('seedDoc,experiment,cell,isShortened,metric,n,mean,sd,values');
    expect(first).toMatch(/^2,tiny,relu,true,acc,2,/);
    expect(await read('grid', 'reproduction.html')).toContain('sigmoid, as published');
  });

  it('keeps a folder for every run, without the weights', async () => {
    const runs = await readdir(join(folder, 'runs', 'grid', 'runs'));
    expect(runs.sort()).toEqual([
      'tiny-relu-seed-1',
      'tiny-relu-seed-2',
      'tiny-sigmoid-as-published-seed-1',
      'tiny-sigmoid-as-published-seed-2',
    ]);
    const files = await readdir(join(folder, 'runs', 'grid', 'runs', runs[0]!));
    expect(files.sort()).toEqual(['config.json', 'environment.json', 'events.jsonl', 'result.json']);
  });

  it('trains nothing twice when it is resumed', async () => {
    const before = await reproduction('grid');
    const {code} = await gradwire(folder, 'reproduce', '--resume', 'grid', '--quiet');
    expect(code).toBe(0);
    expect((await reproduction('grid')).cells).toEqual(before.cells);
  });
});

it('a process that dies is a cell that failed, and the others go on', {timeout: 120_000}, async () => {
  const args = ['--seed-doc', '3', '--seeds', '1', '--quiet', '--json'];
  const {code, stdout, stderr} = await reproduce('fragile', ...args).ended;
  expect({code, stderr}).toEqual({code: 1, stderr: ''});
  const problem = 'its process ended with exit code 7: Error: out of memory, or so';
  expect(JSON.parse(stdout)).toMatchObject({
    folder: join('runs', 'fragile'),
    isFinished: true,
    cells: [
      {cell: 'crashes', verdict: 'failed', runs: [{problem}]},
      {cell: 'survives', verdict: 'agrees'},
    ],
  });
});

it(
  'an interrupt ends all trainings, writes what is there, and --resume goes on',
  {timeout: 180_000},
  async () => {
    const {child, ended} = reproduce('slow', '--seed-doc', '4', '--seeds', '1', '--jobs', '1', '--quiet');
    const running = () => readdir(join(folder, 'runs', 'slow', 'runs')).catch(() => []);
    const hasSteps = async () => {
      const texts = await Promise.all(
        (await running()).map((run) => read('slow', `runs/${run}/events.jsonl`).catch(() => '')),
      );
      return texts.filter((text) => text.includes('"epochEnd"')).length;
    };
    await expect.poll(hasSteps, {timeout: 60_000}).toBe(1);
    child.kill('SIGINT');
    const {code, stdout, stderr} = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('To go on:\n  gradwire reproduce --resume slow');
    expect(stdout).toContain('not trained');
    expect((await reproduction('slow')).isFinished).toBe(false);
    const [first = ''] = await running();
    expect(await read('slow', `runs/${first}/events.jsonl`)).toContain('"reason":"stopped"');

    expect((await gradwire(folder, 'reproduce', '--resume', '--quiet')).code).toBe(0);
    expect((await reproduction('slow')).isFinished).toBe(true);
  },
);
