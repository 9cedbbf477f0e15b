import {expect, it} from 'vitest';
import type {RunSummary} from '../runs/runSummary.js';
import {compareRuns, comparisonText} from './compareRuns.js';

const runOf = (
  id: string,
  options: Readonly<Record<string, unknown>>,
  metrics: Readonly<Record<string, number>>,
): RunSummary => ({
  id,
  folder: id,
  config: {version: 1, experiment: 'tiny', options, seed: 1, backend: 'cpu', created: ''},
  state: 'done',
  epochsDone: 3,
  metrics,
});

it('shows all figures, and of the options only those that differ', () => {
  const runs = [
    runOf('a', {units: [5, 5], noise: true}, {acc: 0.5, loss: 1}),
    runOf('b', {units: [5, 5], noise: false, rate: 0.1}, {acc: 0.75}),
  ];
  expect(compareRuns(runs)).toEqual({
    runs: ['a', 'b'],
    figures: [
      ['acc', '0.5000', '0.7500'],
      ['loss', '1', '–'],
    ],
    options: [
      ['noise', 'true', 'false'],
      ['rate', '–', '0.1'],
    ],
  });
});

it('breaks into several tables where there are more runs than columns', () => {
  const runs = Array.from({length: 30}, (_, i) => runOf(`run-${i}`, {name: `option-${i}`}, {acc: i / 30}));
  const text = comparisonText(compareRuns(runs));
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain('AD  run-29');
  expect(text).toContain('0.9667');
});
