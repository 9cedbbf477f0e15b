import {mkdtempSync} from 'node:fs';
import {readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {fragile, sluggish, tiny} from '../../fixtures/cli/tiny.js';
import {main} from './main.js';

let runs: string;
const back = process.cwd();

beforeAll(async () => {
  await tf.setBackend('cpu');
  runs = mkdtempSync(join(tmpdir(), 'gradwire-cli-'));
});
afterAll(() => {
  process.chdir(back);
  return rm(runs, {recursive: true});
});

async function gradwire(...args: string[]): Promise<{code: number; stdout: string; stderr: string}> {
  const written = {stdout: '', stderr: ''};
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    const code = await main(args, {experiments: async () => [tiny, fragile, sluggish], worker: ''});
    return {code, ...written};
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const run = (name: string, ...args: string[]) =>
  gradwire('run', 'tiny', '--runs', runs, '--backend', 'cpu', '--name', name, ...args);
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => [...line].length));

describe('help', () => {
  it('is what gradwire alone prints', async () => {
    const {code, stdout, stderr} = await gradwire();
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toContain('Usage: gradwire');
    expect(stdout).toContain('Exit codes: 0 done; 1');
    expect((await gradwire('--help')).stdout).toBe(stdout);
  });

  it.each([['run'], ['run', 'tiny'], ['reproduce'], ['compare'], ['report'], ['list'], ['doctor']])(
    'of %s %s is there, in 80 columns',
    async (...command) => {
      const {code, stdout} = await gradwire(...command, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: gradwire ${command.join(' ')}`);
      expect(widest(stdout)).toBeLessThanOrEqual(80);
    },
  );

  it('tells the flags of an experiment, their defaults and what they may be', async () => {
    const {stdout} = await gradwire('run', 'tiny', '--help');
    expect(stdout).toContain('-n, --units <n...>       units of the hidden layers (default 5)');
    expect(stdout).toContain('-a, --activation <name>  of the hidden layers (relu, sigmoid; default relu)');
    expect(stdout).toContain('Nobody, "Nothing".');
  });
});

describe('what is not understood', () => {
  it.each<[string[], string]>([
    [['runn'], "unknown command 'runn'. Did you mean run?"],
    [['run'], 'run needs the name of an experiment; gradwire run --help lists them.'],
    [['run', 'tinny'], "unknown command 'tinny'. Did you mean tiny?"],
    [['run', 'tiny', '--epoch', '3'], "unknown option '--epoch'. Did you mean --epochs?"],
    [['run', 'tiny', '--epochs', '0'], '--epochs must be a whole number >= 1, got 0.'],
    [['run', 'tiny', '-a', 'tanh'], '--activation must be one of relu, sigmoid, got tanh.'],
    [['run', 'tiny', '--seed', '-1'], '--seed must be a whole number >= 0, got -1.'],
    [
      ['run', 'tiny', '--checkpoint-every', 'x'],
      '--checkpoint-every must be a number of seconds >= 0, got x.',
    ],
    [
      ['run', 'tiny', '--name', '../x'],
      "--name must be 1 to 100 letters, digits, '.', '_' and '-', the first a letter or digit; got '../x'.",
    ],
    [
      ['run', 'tiny', '--resume', '-e', '4'],
      '--resume goes on with the options of the run; leave out --epochs.',
    ],
    [
      ['run', 'tiny', '--resume', '--runs', 'nowhere'],
      '--resume: there is no run of tiny in nowhere that did not end.',
    ],
    [
      ['report', 'x', '--runs', 'nowhere'],
      "there is no run 'x'. There are no runs in nowhere; --runs <dir> names another folder.",
    ],
    [['report'], "missing required argument 'run'; --help lists what there is."],
    [['compare', 'x'], 'compare needs two different runs or more; gradwire list shows which there are.'],
    [
      ['list', 'x'],
      "too many arguments for 'list'. Expected 0 arguments but got 1; --help lists what there is.",
    ],
    [
      ['reproduce', '--quick', '--full'],
      "option '--quick' cannot be used with option '--full'; --help lists what there is.",
    ],
    [['reproduce', '--seed-doc', '9'], '--seed-doc must be one of 2, 3, 4, got 9.'],
    [
      ['reproduce', '--resume', '--seeds', '3'],
      '--resume goes on with the plan of the reproduction; leave out --seeds.',
    ],
    [
      ['reproduce', '--resume', 'x', '--runs', 'nowhere'],
      "--resume: there is no reproduction 'x' in nowhere.",
    ],
    [['doctor', '--fast'], "unknown option '--fast'; --help lists what there is."],
  ])('%j is told on one line', async (args, problem) => {
    expect(await gradwire(...args)).toEqual({code: 2, stdout: '', stderr: `gradwire: ${problem}\n`});
  });

  it('options that do not go together are the experiment’s to refuse, and leave no folder', async () => {
    const {code, stderr} = await run('wide', '-n', '5', '5', '5', '5');
    expect(code).toBe(2);
    expect(stderr).toContain('gradwire: --units: at most 3 layers, got 4.\n');
    expect((await gradwire('list', '--runs', runs)).stdout).not.toContain('wide');
  });

  it('a backend that is not there is named', async () => {
    const {code, stderr} = await gradwire('run', 'tiny', '--runs', runs, '--backend', 'gpu');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gradwire: --backend gpu: .*'wasm', 'cpu' here, got 'gpu'[.]\n$/);
  });
});

describe('run', () => {
  it('prints figures and what may come next, and writes a folder', async () => {
    const {code, stdout, stderr} = await run('one', '-e', '4', '-a', 'sigmoid');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Completed after 4 epochs in /);
    expect(stdout).toMatch(/^acc +0[.]\d{4}$/m);
    expect(stdout).toContain(`gradwire report one --runs ${runs}`);
    expect(stderr).toContain('one, backend cpu\n');
    const config = JSON.parse(await readFile(join(runs, 'one', 'config.json'), 'utf8')) as unknown;
    expect(config).toMatchObject({
      version: 1,
      experiment: 'tiny',
      options: {units: [5], activation: 'sigmoid', epochs: 4, redraw: false},
      seed: 1,
    });
    const environment = JSON.parse(await readFile(join(runs, 'one', 'environment.json'), 'utf8')) as unknown;
    expect(environment).toMatchObject({
      version: 1,
      node: process.version,
      backend: 'cpu',
      tfjs: tf.version_core,
    });
  });

  it('prints one JSON document and nothing else where it is asked to', async () => {
    const {code, stdout, stderr} = await run('two', '--json', '--quiet', '--seed', '7');
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'two',
      reason: 'completed',
      state: 'done',
      epochs: 3,
      config: {seed: 7},
      metrics: {loss: expect.any(Number), acc: expect.any(Number)},
    });
  });

  it('does not take a name twice', async () => {
    await run('taken');
    const {code, stderr} = await run('taken');
    expect(code).toBe(2);
    expect(stderr).toContain('Choose another name, or --resume taken.');
  });

  it('has nothing to resume in a run that is done', async () => {
    await run('whole');
    const {code, stderr} = await gradwire('run', 'tiny', '--runs', runs, '--resume', 'whole');
    expect(code).toBe(2);
    expect(stderr).toBe('gradwire: --resume whole: it is done; there is nothing left to train.\n');
  });

  it('ends with exit code 1 where the training diverges', async () => {
    const {code, stdout} = await run('gone', '--diverge');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Diverged after 0 epochs/);
  });

  it('writes for TensorBoard, too', async () => {
    await run('board', '--tensorboard');
    const {readdir} = await import('node:fs/promises');
    expect(await readdir(join(runs, 'board', 'tensorboard'))).not.toEqual([]);
  });
});

describe('list, report and compare', () => {
  let folder: string;
  const here = (...args: string[]) => gradwire(...args, '--runs', folder);
  beforeAll(async () => {
    folder = join(runs, 'few');
    for (const [name, ...args] of [['first'], ['second', '-a', 'sigmoid', '-e', '2']] as [
      string,
      ...string[],
    ][]) {
      await gradwire('run', 'tiny', '--runs', folder, '--backend', 'cpu', '--quiet', '--name', name, ...args);
    }
  });

  it('list shows state, epochs and figure of every run in 80 columns, the newest first', async () => {
    const {code, stdout} = await here('list');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ {2}done +2\/2 {2}acc 0[.]\d+ +now +second\n {2}done +3\/3 {2}acc 0[.]\d+ +now +first$/m,
    );
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('list puts a name that is too long for its column on a line of its own', async () => {
    const name = 'a-name-that-says-a-lot-about-what-is-special-with-this-run';
    const parent = join(runs, 'long');
    await gradwire('run', 'tiny', '--runs', parent, '--backend', 'cpu', '--quiet', '--name', name);
    const {stdout} = await gradwire('list', '--runs', parent);
    expect(stdout).toMatch(new RegExp(`^  ${name}\n  done +3/3 `, 'm'));
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  it('list gives the same as JSON', async () => {
    const {stdout} = await here('list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {id: 'second', epochsDone: 2},
      {id: 'first', epochsDone: 3},
    ]);
  });

  it('list says where there is nothing', async () => {
    expect(await gradwire('list', '--runs', 'nowhere')).toEqual({
      code: 0,
      stdout: 'There are no runs in nowhere.\n',
      stderr: '',
    });
  });

  it('report writes a page, and every figure as SVG', async () => {
    const {code, stdout} = await here('report', 'first', '--figures', join(folder, 'figures'));
    expect(code).toBe(0);
    const [page = '', ...svgs] = stdout.trim().split('\n');
    expect(page).toBe(join(folder, 'first', 'report.html'));
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(svgs.length).toBeGreaterThan(0);
    for (const svg of svgs) expect(await readFile(svg, 'utf8')).toMatch(/^<svg/);
  });

  it('report takes the folder of a run for its name', async () => {
    const {stdout} = await gradwire('report', join(folder, 'first'), '--runs', 'nowhere', '--json');
    expect(JSON.parse(stdout)).toEqual({report: join(folder, 'first', 'report.html'), figures: []});
  });

  it('compare shows figures and what was different, in 80 columns', async () => {
    const out = join(folder, 'c.html');
    const {code, stdout} = await here('compare', 'first', 'second', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A {2}first\nB {2}second$/m);
    expect(stdout).toMatch(/^acc +0[.]\d+ +0[.]\d+$/m);
    expect(stdout).toMatch(/^activation +relu +sigmoid$/m);
    expect(stdout).not.toContain('units');
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(await readFile(out, 'utf8')).toContain('second');
  });

  it('compare writes every joint figure as SVG', async () => {
    const [out, figures] = [join(folder, 'e.html'), join(folder, 'joint')];
    const flags = ['--out', out, '--figures', figures, '--theme', 'dark'];
    const {code, stdout} = await here('compare', 'first', 'second', ...flags);
    expect(code).toBe(0);
    const [page, ...svgs] = stdout
      .slice(stdout.indexOf('Curves: ') + 8)
      .trim()
      .split('\n');
    expect(page).toBe(out);
    expect(svgs).toContain(join(figures, 'learning-curves.svg'));
    const curves = await readFile(join(figures, 'learning-curves.svg'), 'utf8');
    for (const part of ['>first<', '>second<', 'fill="#171b21"']) expect(curves).toContain(part);
    for (const svg of svgs) expect(await readFile(svg, 'utf8')).toMatch(/^<svg/);
  });

  it('compare gives the same as JSON', async () => {
    const {stdout} = await here('compare', 'first', 'second', '--json', '--out', join(folder, 'd.html'));
    expect(JSON.parse(stdout)).toMatchObject({
      runs: ['first', 'second'],
      options: [
        ['activation', 'relu', 'sigmoid'],
        ['epochs', '3', '2'],
      ],
      report: join(folder, 'd.html'),
      svgs: [],
    });
  });
});
