import {expect, it} from 'vitest';
import {tiny} from '../../fixtures/cli/tiny.js';
import {planCells, type PlannedCell} from './planCells.js';
import {type CellRun, reproducedCell, type ReproductionPlan} from './reproduction.js';
import {reproductionTable} from './reproductionTable.js';

const plan: ReproductionPlan = {
  version: 1,
  mode: 'full',
  seeds: 3,
  backend: 'auto',
  created: '2026-01-31T09:15:00Z',
};
const planned: PlannedCell = {
  experiment: tiny,
  name: 'five hidden layers of 128 units, sigmoid, as in the third figure',
  options: {},
  metric: 'test_acc',
  tolerance: 0.01,
  isShortened: false,
  published: 0.7312,
  rerun: {low: 0.8, high: 0.9, source: 'PyTorch 1.13, 10 seeds'},
};
const runsOf = (...values: readonly (number | undefined)[]): CellRun[] =>
  values.map((value, i) => ({
    seed: i + 1,
    run: `run-${i + 1}`,
    ...(value === undefined ? {problem: 'its process ended with SIGKILL'} : {value}),
  }));

it('is mean and spread, the published value, the re-runs and the verdict, in 80 columns', () => {
  const table = reproductionTable({plan, cells: [reproducedCell(planned, runsOf(0.85, 0.86, 0.87))]});
  expect(table).toBe(
    `
Seed document 2: tiny (test_acc)

cell                ours             published  re-runs        verdict
five hidden layers  0.8600 ± 0.0100  0.7312     0.8000–0.9000  published value
of 128 units,                                                  is a single run
sigmoid, as in the
third figure

Ours: mean ± standard deviation over 3 random seeds.
Re-runs: PyTorch 1.13, 10 seeds.
`.trim(),
  );
});

it('tells of runs that have failed, and counts the others', () => {
  const table = reproductionTable({
    plan,
    cells: [reproducedCell({...planned, name: 'short'}, runsOf(0.85, undefined, 0.87))],
  });
  expect(table).toContain('short  0.8600 ± 0.0141 (2)');
  expect(table).toContain('short, seed 2: its process ended with SIGKILL');
});

it('stays within 80 columns, whatever is in it', () => {
  const long = 'words and words and words and words and words and words and words and words';
  const cells = [
    reproducedCell(
      {...planned, name: long, metric: 'mean_sd_layer_1'},
      runsOf(1.234e-5, undefined, 4.321e-5),
    ),
    reproducedCell({...planned, name: 'x'.repeat(70), isShortened: true}, runsOf(123.456, 0.1)),
  ];
  const lines = reproductionTable({plan, cells}).split('\n');
  expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
});

it('a short form is not compared with the published value', () => {
  const [short, whole, ...others] = planCells([tiny], {mode: 'quick'});
  expect(short).toMatchObject({name: 'relu', isShortened: true, options: {epochs: 2, activation: 'relu'}});
  expect(short).not.toHaveProperty('published');
  expect(whole).toMatchObject({name: 'sigmoid, as published', isShortened: false, published: 7});
  expect(others).toEqual([]);
});

it('the whole cells are those that were published', () => {
  const cells = planCells([tiny], {mode: 'full'});
  expect(cells.map(({name, published}) => [name, published])).toEqual([
    ['relu', 0.5],
    ['sigmoid, as published', 7],
    ['full only', undefined],
  ]);
});
