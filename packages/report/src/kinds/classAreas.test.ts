import {expect, it} from 'vitest';
import {classAreas} from './classAreas.js';

it('joins equal neighbours, in rows and between rows', () => {
  const areas = classAreas({xs: [0, 1, 2], ys: [0, 1], classes: [0, 0, 1, 0, 0, 1], points: []});
  expect(areas.map(({label, from, to}) => [label, ...from, to[0]])).toEqual([
    [0, -0.5, -0.5, 1.5],
    [1, 1.5, -0.5, 2.5],
  ]);
});

it('begins a new area where a row differs', () => {
  const areas = classAreas({xs: [0, 1], ys: [0, 1], classes: [0, 0, 0, 1], points: []});
  expect(areas.map(({label, from}) => [label, ...from])).toEqual([
    [0, -0.5, -0.5],
    [0, -0.5, 0.5],
    [1, 0.5, 0.5],
  ]);
});
