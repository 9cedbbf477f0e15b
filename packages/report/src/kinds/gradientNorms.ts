import {arrange} from '../chart/layout.js';
import {round, shortNumber} from '../chart/round.js';
import type {Figure} from '../figure.js';
import {parametersByLayer} from '../recording/layersOf.js';
import type {Recording} from '../recording/recording.js';
import type {SeriesTable} from '../recording/series.js';
import {columnsFor, type FigureContext, titled} from './figureContext.js';
import {bucketMeans} from './bucketMeans.js';

/** Viridis. */
const RAMP = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'];
const COLUMNS = 120;

interface Heat {
  readonly recording: Recording;
  readonly layers: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly [column: number, row: number, log: number, norm: number])[];
}

/** A map of gradient norms: layers downwards, time to the right, colour by size. */
export function gradientNorms(context: FigureContext): Figure[] {
  const heats = context.recordings.flatMap((recording): Heat[] => {
    const table = recording.captures.get('gradientStats');
    return table === undefined ? [] : [heatOf(context, recording, table)];
  });
  let [low, high] = [Infinity, -Infinity];
  for (const {cells} of heats) {
    for (const [, , log] of cells) {
      low = Math.min(low, log);
      high = Math.max(high, log);
    }
  }
  if (low > high) return [];
  const rows = Math.max(...heats.map(({layers}) => layers.length));
  const {media, height} = arrange({
    titles: heats.map(({recording}) => titled(context, recording, 'norm by layer, log colours')),
    columns: columnsFor(heats.length),
    height: Math.max(80, rows * 24),
    legend: [],
    left: 112,
    foot: 44,
  });
  return [
    {
      id: 'gradient-norms',
      title: 'Gradient norms by layer and time',
      caption:
        'Each row is a layer, the first on top; brighter is larger, on a logarithmic scale. A cell is the geometric mean over its span; it stays empty where every gradient was 0 or no number.',
      height,
      option: {
        baseOption: {
          animation: false,
          tooltip: {trigger: 'item', confine: true},
          xAxis: heats.map(({columns}, gridIndex) => ({
            type: 'category',
            gridIndex,
            data: [...columns],
            axisLabel: {hideOverlap: true},
            name: context.axis.unit,
            nameLocation: 'middle',
            nameGap: 24,
          })),
          yAxis: heats.map(({layers}, gridIndex) => ({
            type: 'category',
            gridIndex,
            data: [...layers],
            inverse: true,
            axisLabel: {width: 96, overflow: 'truncate', interval: 0},
          })),
          visualMap: {
            type: 'continuous',
            min: round(low, 6),
            max: round(high > low ? high : low + 1, 6),
            dimension: 2,
            orient: 'horizontal',
            left: 'center',
            bottom: 4,
            itemWidth: 12,
            itemHeight: 150,
            text: [label(high), label(low)],
            inRange: {color: RAMP},
          },
          series: heats.map(({cells}, i) => ({
            type: 'heatmap',
            name: context.recordings.length === 1 ? 'norm' : heats[i]!.recording.run.name,
            xAxisIndex: i,
            yAxisIndex: i,
            data: cells.map((cell) => [...cell]),
          })),
        },
        media,
      },
    },
  ];
}

const label = (log: number): string => shortNumber(10 ** log);

function heatOf({axis}: FigureContext, recording: Recording, table: SeriesTable): Heat {
  const layers = parametersByLayer(table.keys(), recording);
  const steps = longest([...table.values()].map((quantities) => quantities.get('norm')?.steps ?? []));
  const size = Math.max(1, Math.ceil(steps.length / COLUMNS));
  const columnOf = new Map(steps.map((step, i) => [step, Math.floor(i / size)]));
  const starts = steps.filter((_, i) => i % size === 0);
  return {
    recording,
    layers: [...layers.keys()],
    columns: starts.map((step) => String(round(axis.at(recording, step), 4))),
    cells: [...layers.values()].flatMap((parameters, row) => {
      const norms = jointNorms(parameters.map((name) => table.get(name)!.get('norm')));
      return bucketMeans(norms, columnOf).map(
        ([column, norm]) => [column, row, round(Math.log10(norm)), round(norm)] as const,
      );
    }),
  };
}

function longest(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.reduce((best, list) => (list.length > best.length ? list : best), []);
}

/** √Σ‖g‖² over a layer's parameters, by step. */
function jointNorms(
  all: readonly ({readonly steps: number[]; readonly values: number[]} | undefined)[],
): Map<number, number> {
  const norms = new Map<number, number>();
  for (const series of all) {
    series?.steps.forEach((step, i) => norms.set(step, Math.hypot(norms.get(step) ?? 0, series.values[i]!)));
  }
  return norms;
}
