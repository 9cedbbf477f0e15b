import type {Band, Line, Mark, Panel} from './panel.js';
import {round} from './round.js';
import {type Point, thin} from './thin.js';

/** The series of ECharts for one panel. Values are in units of 10 to the `exponent`. */
export function lineSeries(panel: Panel, index: number, exponent: number, limit: number): object[] {
  const {lines, bands = [], marks = [], scale, level} = panel;
  const axes = {xAxisIndex: index, yAxisIndex: index};
  const unit = 10 ** exponent;
  return [
    ...bands.flatMap((band, i) =>
      bandSeries(band, `${index}/${i}`, unit, limit).map((one) => ({...one, ...axes})),
    ),
    ...lines.map((line, i) => ({
      ...curve(line, scale, unit, limit),
      ...(line.isFaint === true ? {id: `faint:${index}/${i}`} : {}),
      ...axes,
    })),
    ...(marks.length === 0 && level === undefined ? [] : [{...markSeries(marks, level), ...axes}]),
  ];
}

function curve(
  {name, color, points, dash, isFaint = false}: Line,
  scale: Panel['scale'],
  unit: number,
  limit: number,
): object {
  const drawable = points.map(([x, y]): Point => [x, isDrawable(y, scale) ? y : null]);
  const thinned = thin(drawable, limit);
  const hasDots = thinned.length <= 40 && !isFaint;
  return {
    type: 'line',
    name,
    color,
    data: thinned.map((point, i) => datum(point, unit, hasDots || isAlone(thinned, i))),
    symbol: 'none',
    z: isFaint ? 1 : 3,
    lineStyle: {width: isFaint ? 1 : 1.8, opacity: isFaint ? 0.4 : 1, type: dash ?? 'solid'},
    itemStyle: {opacity: isFaint ? 0.4 : 1},
  };
}

function isDrawable(y: number | null, scale: Panel['scale']): y is number {
  return y !== null && Number.isFinite(y) && (scale === 'linear' || y > 0);
}

/** A point between two gaps is on no line. */
function isAlone(points: readonly Point[], i: number): boolean {
  return (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null;
}

/** Where the axis has another unit, the value itself comes third, for tooltips. */
function datum([x, y]: Point, unit: number, hasDot: boolean): object | readonly (number | null)[] {
  const at = round(x, 8);
  if (y === null) return [at, null];
  const value = unit === 1 ? [at, round(y)] : [at, round(y / unit), round(y)];
  return hasDot ? {value, symbol: 'circle', symbolSize: 5} : value;
}

/** An area is a difference that is stacked on its lower edge, which is not seen. */
function bandSeries(
  {name, color, opacity, points}: Band,
  stack: string,
  unit: number,
  limit: number,
): object[] {
  const kept = envelope(points, limit);
  const common = {
    type: 'line',
    color,
    symbol: 'none',
    silent: true,
    stack,
    stackStrategy: 'all',
    lineStyle: {width: 0},
    z: 2,
  };
  const edge = (value: number | null): number | null => (value === null ? null : round(value / unit));
  return [
    {...common, id: `edge:${stack}`, name, data: kept.map(([x, low]) => [round(x, 8), edge(low)])},
    {
      ...common,
      id: `band:${stack}`,
      name,
      areaStyle: {color, opacity},
      data: kept.map(([x, low, high]) => [
        round(x, 8),
        edge(low === null || high === null ? null : high - low),
      ]),
    },
  ];
}

function markSeries(marks: readonly Mark[], level: number | undefined): object {
  return {
    type: 'line',
    data: [],
    silent: true,
    markLine: {
      symbol: 'none',
      silent: true,
      animation: false,
      data: [
        ...marks.map(({x, color, dash, label}) => ({
          xAxis: x,
          lineStyle: {color, type: dash ?? 'solid', width: 1.2, opacity: 0.9},
          label: {
            show: label !== undefined,
            formatter: label ?? '',
            position: 'insideEndTop',
            rotate: 0,
            color,
          },
        })),
        ...(level === undefined
          ? []
          : [
              {
                yAxis: level,
                lineStyle: {color: 'color:muted', type: 'dotted', width: 1.2},
                label: {show: false},
              },
            ]),
      ],
    },
  };
}

/** Neighbours as one, from their lowest to their highest. */
function envelope(points: Band['points'], limit: number): Band['points'] {
  const size = Math.max(1, Math.ceil(points.length / limit));
  return points.flatMap((point, i): Band['points'] => {
    if (i % size !== 0) return [];
    const group = points.slice(i, i + size);
    const lows = group.flatMap(([, low]) => (low === null ? [] : [low]));
    const highs = group.flatMap(([, , high]) => (high === null ? [] : [high]));
    return [
      [
        point[0],
        lows.length === 0 ? null : Math.min(...lows),
        highs.length === 0 ? null : Math.max(...highs),
      ],
    ];
  });
}
