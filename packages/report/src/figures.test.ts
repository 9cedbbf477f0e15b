import type {TrainingEvent} from '@gradwire/trainer';
import {describe, expect, it} from 'vitest';
import {capture, epochEnd, step, training} from '../fixtures/events.js';
import {figureOf, seriesOf} from '../fixtures/seriesOf.js';
import {figures} from './figures.js';

const run = (...more: readonly TrainingEvent[]) => ({name: 'one', events: training('r', ...more)});
const stats = (index: number, a: number, b: number) =>
  capture('gradientStats', index, {
    'a/kernel': {mean: -a, std: a, norm: a},
    'a/bias': {mean: 9, std: 9, norm: 0},
    'b/kernel': {mean: b, std: b, norm: b},
  });

describe('figures', () => {
  it('are none of no runs', () => {
    expect(figures([])).toEqual([]);
  });

  it('are only those that have data', () => {
    expect(figures([run()]).map(({id}) => id)).toEqual(['learning-curves']);
  });

  it('are plain JSON', () => {
    const all = figures([run(stats(0, 1, 2))]);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });
});

describe('learning curves', () => {
  it('stand at the ends of the epochs, batches between', () => {
    expect(seriesOf([run()], 'learning-curves')).toEqual([
      {
        type: 'line',
        name: 'training',
        data: [
          [1, 3.5],
          [2, 1.5],
        ],
      },
      {
        type: 'line',
        name: 'training',
        id: 'faint:0/1',
        data: [
          [0, 4],
          [0.5, 3],
          [1, 2],
          [1.5, 1],
        ],
      },
      {
        type: 'line',
        name: 'validation',
        data: [
          [1, 3.75],
          [2, 1.75],
        ],
      },
    ]);
  });

  it('of several runs have one panel, by run', () => {
    const names = seriesOf([run(), {...run(), name: 'two'}], 'learning-curves').map(({name}) => name);
    expect(new Set(names)).toEqual(new Set(['one', 'one, validation', 'two', 'two, validation']));
  });

  it('put trainings that follow one another end to end, with a gap', () => {
    const events = [...training('first'), ...training('second')];
    expect(seriesOf([{name: 'stages', events}], 'learning-curves')[0]?.data).toEqual([
      [1, 3.5],
      [2, 1.5],
      [2, null],
      [3, 3.5],
      [4, 1.5],
    ]);
  });

  it('count steps where each epoch has one', () => {
    const events = [0, 1, 2].flatMap((i): TrainingEvent[] => [
      {type: 'epochBegin', run: 'r', step: i, epoch: i, time: 0},
      step(i, i, 1),
      epochEnd(i, i, {loss: i}),
    ]);
    const option = JSON.stringify(figureOf([{name: 'full batch', events}], 'learning-curves'));
    expect(option).toContain('"name":"step"');
  });

  it('leave a gap for a loss that is no number', () => {
    const {data} = seriesOf([run(epochEnd(3, 1, {loss: Number.NaN}))], 'learning-curves')[0]!;
    expect(data).toEqual([
      [1, 3.5],
      [2, 1.5],
      [2, null],
    ]);
  });
});

describe('gradients by layer', () => {
  const runs = [run(stats(0, 0.1, 0.5), stats(2, 0, 0.25))];

  it('show kernels: mean, its size, deviation; and the loss', () => {
    const drawn = seriesOf(runs, 'gradients').map(({name, data}) => [name, data]);
    expect(drawn).toEqual([
      [
        'a',
        [
          [0, -0.1],
          [1, 0],
        ],
      ],
      [
        'b',
        [
          [0, 0.5],
          [1, 0.25],
        ],
      ],
      [
        'a',
        [
          [0, 0.1],
          [1, null],
        ],
      ],
      [
        'b',
        [
          [0, 0.5],
          [1, 0.25],
        ],
      ],
      [
        'a',
        [
          [0, 0.1],
          [1, null],
        ],
      ],
      [
        'b',
        [
          [0, 0.5],
          [1, 0.25],
        ],
      ],
      [
        'loss',
        [
          [1, 3.5],
          [2, 1.5],
        ],
      ],
    ]);
  });

  it('tell what the log axes leave out', () => {
    expect(figureOf(runs, 'gradients')?.caption).toContain('Gaps on log axes: 2 values that are 0.');
  });

  it('have a figure of their own after the transforms', () => {
    const final = {...stats(0, 1, 2), capture: 'gradientStats/final'};
    expect(figureOf([run(final)], 'gradients-final')?.title).toBe('Gradients by layer, after all transforms');
  });

  it('number the layers where runs name them differently', () => {
    const other = capture('gradientStats', 0, {'c/kernel': {std: 1}, 'd/kernel': {std: 2}});
    const names = seriesOf([...runs, {...run(other), name: 'two'}], 'gradients').map(({name}) => name);
    expect(new Set(names)).toEqual(new Set(['layer 1', 'layer 2', 'loss']));
  });

  it('have the same axes in all runs', () => {
    const small = {...run(stats(0, 1e-6, 1e-3)), name: 'two'};
    const {option} = figureOf([...runs, small], 'gradients')!;
    const axes = (option as {baseOption: {yAxis: {type: string; min: number; max: number}[]}}).baseOption
      .yAxis;
    const deviations = axes.slice(4, 6).map(({type, min, max}) => ({type, min, max}));
    expect(deviations).toEqual([
      {type: 'log', min: 1e-6, max: 1},
      {type: 'log', min: 1e-6, max: 1},
    ]);
  });
});

it('gradient norms join the parameters of a layer, and leave cells without gradient empty', () => {
  const norms = (index: number, kernel: number, bias: number) =>
    capture('gradientStats', index, {
      'a/kernel': {norm: kernel},
      'a/bias': {norm: bias},
      'b/kernel': {norm: 0},
    });
  expect(seriesOf([run(norms(0, 3, 4), norms(2, 6, 8))], 'gradient-norms')[0]?.data).toEqual([
    [0, 0, 0.69897, 5],
    [1, 0, 1, 10],
  ]);
});

it('gradient magnitudes of two runs are in one panel', () => {
  const magnitude = (value: number) => capture('gradientMagnitude', 0, {'a/kernel': {sumAbsPerShape: value}});
  const runs = [run(magnitude(0.5)), {...run(magnitude(0.25)), name: 'two'}];
  expect(seriesOf(runs, 'gradient-magnitude')).toEqual([
    {type: 'line', name: 'one, a', data: [[0, 0.5]]},
    {type: 'line', name: 'two, a', data: [[0, 0.25]]},
  ]);
});

it('weights come from snapshots where there are no statistics', () => {
  const values = Float32Array.of(1, 3);
  const drawn = seriesOf([run(capture('weightSnapshots', 0, {}, {'a/kernel': {values}}))], 'weights');
  expect(drawn.map(({data}) => data)).toEqual([[[0, 2]], [[0, 1]]]);
});

it('weights after an update stand where it is done', () => {
  const drawn = seriesOf([run(capture('weightStats', 0, {'a/kernel': {mean: 2, std: 1}}))], 'weights');
  expect(drawn[0]?.data).toEqual([[0.5, 2]]);
});

it('transform norms begin with the raw gradients', () => {
  const norms = capture('chainNorms', 0, {raw: {norm: 10}, clipByGlobalNorm: {norm: 1}});
  expect(seriesOf([run(norms)], 'transform-norms')).toEqual([
    {type: 'line', name: 'raw', data: [[0, 10]]},
    {type: 'line', name: 'after clipByGlobalNorm', data: [[0, 1]]},
  ]);
});

describe('histograms', () => {
  const counts = Float32Array.of(0, 10, 10, 0);
  const edges = Float32Array.of(-4, -2, 0, 2, 4);
  const runs = [run(capture('histograms/gradients', 0, {}, {'a/kernel': {counts, edges}}))];

  it('are bands from the lowest to the highest entry, around the median', () => {
    const drawn = seriesOf(runs, 'histograms-gradients').map(({id, data}) => [id, data[0]]);
    expect(drawn).toEqual([
      ['edge:0/0', [0, -2]],
      ['band:0/0', [0, 4]],
      ['edge:0/1', [0, -1.8]],
      ['band:0/1', [0, 3.6]],
      ['edge:0/2', [0, -1]],
      ['band:0/2', [0, 2]],
      [undefined, [0, 0]],
    ]);
  });

  it('name their range', () => {
    expect(JSON.stringify(figureOf(runs, 'histograms-gradients')?.option)).toContain('a, -2 to 2');
  });
});

it('alerts and remedies are marks on the time axis', () => {
  const at = {run: 'r', step: 3, epoch: 1, time: 0};
  const alert = {type: 'alert', ...at, rule: 'deadUnits', severity: 'warning', message: 'dead'} as const;
  const remedy = {type: 'remedy', ...at, remedy: 'revive', action: 'applied', parameters: []} as const;
  expect(seriesOf([run(alert, remedy)], 'alerts-and-remedies')).toEqual([
    {type: 'scatter', name: 'warning', data: [[1.5, 0]]},
    {type: 'scatter', name: 'remedy', data: [[1.5, 1]]},
  ]);
});

it('a decision boundary has the points by class', () => {
  const boundary = {
    xs: [0, 1],
    ys: [0, 1],
    classes: [0, 1, 0, 1],
    points: [
      {x: 0.25, y: 0.5, label: 1},
      {x: 0.75, y: 0.5, label: 0},
    ],
  };
  expect(seriesOf([{...run(), boundary}], 'decision-boundary')).toEqual([
    {id: 'ground:0', type: 'scatter', data: []},
    {type: 'scatter', name: 'class 0', data: [[0.75, 0.5]]},
    {type: 'scatter', name: 'class 1', data: [[0.25, 0.5]]},
  ]);
});
