import type {LineSeriesOption, XAXisComponentOption} from 'echarts';
import type {Figure} from '../figure.js';
import {arrange} from './layout.js';
import {lineSeries} from './lineSeries.js';
import type {Panel} from './panel.js';
import {roundInterval, valueRange, type ValueRange} from './valueRange.js';

/** What is common to the panels of a figure. */
export interface PanelChart {
  readonly panels: readonly Panel[];
  readonly columns: number;
  /** What the horizontal axes show. */
  readonly unit: string;
  /** Their range. */
  readonly extent: readonly [from: number, to: number];
  /** Height of the axes of one panel, in pixels; default 150. */
  readonly height?: number;
}

/** More points than this in one figure would be more than a page needs. */
const POINTS = 15_000;

/** Curves in panels: an option for ECharts, and how high the figure is. */
export function panelChart(chart: PanelChart): Pick<Figure, 'option' | 'height'> {
  const {panels, columns, unit, extent, height = 150} = chart;
  const count = panels.reduce((sum, {lines, bands = []}) => sum + lines.length + 2 * bands.length, 0);
  const limit = Math.min(1500, Math.max(100, Math.floor(POINTS / Math.max(1, count))));
  const ranges = panels.map((panel) => valueRange(groupOf(panel, panels)));
  const series = panels.flatMap((panel, i) => lineSeries(panel, i, ranges[i]?.exponent ?? 0, limit));
  const names = panels.flatMap(({lines}) => lines.map(({name}) => name));
  const {media, height: heights} = arrange({
    titles: panels.map((panel, i) => titleOf(panel, ranges[i])),
    columns,
    height,
    legend: [...new Set(names)],
  });
  return {
    height: heights,
    option: {
      baseOption: {
        animation: false,
        tooltip: {trigger: 'axis', confine: true},
        xAxis: panels.map((_, i) => timeScale(i, unit, extent)),
        yAxis: panels.map((panel, i) => valueScale(panel, i, ranges[i])),
        series: series as LineSeriesOption[],
      },
      media,
    },
  };
}

function groupOf(panel: Panel, panels: readonly Panel[]): readonly Panel[] {
  return panel.group === undefined ? [panel] : panels.filter(({group}) => group === panel.group);
}

function titleOf({title, scale}: Panel, range: ValueRange | undefined): string {
  if (scale === 'log') return `${title}, log axis`;
  return range === undefined || range.exponent === 0 ? title : `× 1e${range.exponent} · ${title}`;
}

/** The horizontal axis of a panel: from its first to its last value, with round numbers. */
export function timeScale(
  gridIndex: number,
  unit: string,
  [min, max]: readonly [number, number],
): XAXisComponentOption {
  const end = max > min ? max : min + 1;
  const interval = roundInterval((end - min) / 5);
  const start = Math.floor(min / interval + 1e-9) * interval;
  return {
    type: 'value',
    gridIndex,
    min: start,
    max: end,
    interval,
    name: unit,
    nameLocation: 'middle',
    nameGap: 24,
    axisLabel: {
      hideOverlap: true,
      // An end that is no round number is left without one.
      showMaxLabel: Number.isInteger(Number((end / interval).toFixed(6))),
    },
    splitLine: {show: false},
  };
}

function valueScale({scale}: Panel, gridIndex: number, range: ValueRange | undefined): object {
  const {min, max, interval} = range ?? {min: scale === 'log' ? 1e-3 : 0, max: 1};
  return {
    type: scale === 'log' ? 'log' : 'value',
    gridIndex,
    min,
    max,
    ...(interval === undefined ? {} : {interval}),
    axisLabel: {hideOverlap: true},
  };
}
