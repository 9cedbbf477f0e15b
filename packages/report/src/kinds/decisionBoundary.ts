import type {EChartsOption} from 'echarts';
import {NARROW} from '../chart/layout.js';
import {round} from '../chart/round.js';
import type {Figure} from '../figure.js';
import type {DecisionBoundary} from '../recordedRun.js';
import {classAreas} from './classAreas.js';
import type {FigureContext} from './figureContext.js';

const POINTS = 2000;
/** Sides of the squares, by how many there are in a row. */
const SIZES = [380, 380, 300];
const NARROW_SIZE = 250;
const SYMBOLS = ['circle', 'triangle', 'diamond', 'rect', 'roundRect', 'pin'];

/** Which class the model gives to which point of the plane, and the data. */
export function decisionBoundary({recordings}: FigureContext): Figure[] {
  const runs = recordings.flatMap(({run}) =>
    run.boundary === undefined ? [] : [{name: run.name, boundary: run.boundary}],
  );
  if (runs.length === 0) return [];
  const labels = [
    ...new Set(
      runs.flatMap(({boundary}) => [...boundary.classes, ...boundary.points.map(({label}) => label)]),
    ),
  ];
  labels.sort((a, b) => a - b);
  const single = recordings.length === 1;
  const wide = place(
    runs.map(({name}) => (single ? '' : name)),
    Math.min(3, runs.length),
    SIZES[Math.min(3, runs.length) - 1]!,
  );
  const narrow = place(
    runs.map(({name}) => (single ? '' : name)),
    1,
    NARROW_SIZE,
  );
  return [
    {
      id: 'decision-boundary',
      title: 'Decision boundary',
      caption:
        'Ground: the class that the model gives to each point of the plane. Marks: the data, by their own class.',
      height: {wide: wide.height, narrow: narrow.height},
      option: {
        baseOption: {
          animation: false,
          tooltip: {trigger: 'item', confine: true},
          legend: {show: true, itemWidth: 10, itemHeight: 10, data: labels.map((label) => `class ${label}`)},
          xAxis: runs.map(({boundary}, i) => scaleOf(boundary.xs, i)),
          yAxis: runs.map(({boundary}, i) => scaleOf(boundary.ys, i)),
          series: runs.flatMap(({boundary}, i) => [
            ground(boundary, i),
            ...labels.map((label) => dots(boundary, label, i)),
          ]) as never,
        },
        media: [
          {query: {maxWidth: NARROW - 1}, option: narrow.option},
          {query: {minWidth: NARROW}, option: wide.option},
        ],
      },
    },
  ];
}

/** Squares side by side, from the left. */
function place(
  names: readonly string[],
  columns: number,
  size: number,
): {option: EChartsOption; height: number} {
  const [head, gap, title] = [34, 32, names.some((name) => name !== '') ? 26 : 0];
  const left = (i: number): number => 44 + (i % columns) * (size + 36);
  const top = (i: number): number => head + Math.floor(i / columns) * (size + gap + title);
  return {
    height: head + Math.ceil(names.length / columns) * (size + gap + title),
    option: {
      title: names.map((text, i) => ({
        text,
        left: left(i) - 8,
        top: top(i),
        textStyle: {width: size, overflow: 'truncate' as const},
      })),
      grid: names.map((_, i) => ({
        left: left(i),
        top: top(i) + title,
        width: size,
        height: size,
        outerBoundsMode: 'none' as const,
      })),
    },
  };
}

function scaleOf(places: readonly number[], gridIndex: number): object {
  const [min, max] = [Math.min(...places), Math.max(...places)];
  return {
    type: 'value',
    gridIndex,
    min,
    max,
    splitNumber: 4,
    splitLine: {show: false},
    axisLabel: {hideOverlap: true, showMinLabel: false, showMaxLabel: false},
  };
}

function ground(boundary: DecisionBoundary, index: number): object {
  return {
    type: 'scatter',
    id: `ground:${index}`,
    xAxisIndex: index,
    yAxisIndex: index,
    data: [],
    silent: true,
    z: 0,
    markArea: {
      silent: true,
      animation: false,
      data: classAreas(boundary).map(({label, from, to}) => [
        {coord: from.map((at) => round(at)), itemStyle: {color: `color:class/${label}`}},
        {coord: to.map((at) => round(at))},
      ]),
    },
  };
}

function dots({points}: DecisionBoundary, label: number, index: number): object {
  const size = Math.ceil(points.length / POINTS);
  const shown = points.filter((point, i) => point.label === label && i % size === 0);
  return {
    type: 'scatter',
    name: `class ${label}`,
    color: `color:run/${label}`,
    symbol: SYMBOLS[label % SYMBOLS.length],
    symbolSize: 5,
    xAxisIndex: index,
    yAxisIndex: index,
    z: 3,
    data: shown.map(({x, y}) => [round(x), round(y)]),
  };
}
