import {NARROW} from '../chart/layout.js';
import {timeScale} from '../chart/panelChart.js';
import {round} from '../chart/round.js';
import type {Figure} from '../figure.js';
import type {FigureContext} from './figureContext.js';

const LIMIT = 400;

const KINDS = [
  {name: 'info', color: 'color:info', symbol: 'circle'},
  {name: 'warning', color: 'color:warning', symbol: 'triangle'},
  {name: 'error', color: 'color:error', symbol: 'rect'},
  {name: 'remedy', color: 'color:remedy', symbol: 'diamond'},
] as const;

interface Happening {
  readonly x: number;
  readonly row: string;
  readonly kind: (typeof KINDS)[number]['name'];
  readonly what: string;
}

/** Alerts and remedies on the time axis, a row for each rule and each remedy. */
export function timeline(context: FigureContext): Figure[] {
  const happenings = happeningsOf(context);
  if (happenings.length === 0) return [];
  const rows = [...new Set(happenings.map(({row}) => row))];
  const kinds = KINDS.filter(({name}) => happenings.some(({kind}) => kind === name));
  const height = rows.length * 30;
  const grid = {top: 38, height, right: 18, outerBoundsMode: 'none' as const};
  return [
    {
      id: 'alerts-and-remedies',
      title: 'Alerts and remedies',
      caption:
        'When each rule raised an alert, and when each remedy acted. The texts stand in the list of alerts.',
      height: {wide: height + 90, narrow: height + 90},
      option: {
        baseOption: {
          animation: false,
          tooltip: {trigger: 'item', confine: true},
          legend: {show: true, itemWidth: 10, itemHeight: 10, data: kinds.map(({name}) => name)},
          xAxis: timeScale(0, context.axis.unit, context.extent),
          yAxis: {
            type: 'category',
            data: rows,
            inverse: true,
            splitLine: {show: true},
            axisLabel: {interval: 0},
          },
          series: kinds.map(({name, color, symbol}) => ({
            type: 'scatter',
            name,
            color,
            symbol,
            symbolSize: 11,
            data: thinned(happenings.filter(({kind}) => kind === name)).map(({x, row, what}) => ({
              value: [round(x, 8), rows.indexOf(row)],
              name: what,
            })),
          })),
        },
        media: [
          {
            query: {maxWidth: NARROW - 1},
            option: {grid: {...grid, left: 128}, yAxis: {axisLabel: {width: 116, overflow: 'truncate'}}},
          },
          {
            query: {minWidth: NARROW},
            option: {grid: {...grid, left: 250}, yAxis: {axisLabel: {width: 236, overflow: 'truncate'}}},
          },
        ],
      },
    },
  ];
}

function happeningsOf({recordings, axis}: FigureContext): readonly Happening[] {
  return recordings.flatMap((recording) => {
    const prefix = recordings.length === 1 ? '' : `${recording.run.name}: `;
    const at = (step: number): number => axis.at(recording, step);
    return [
      ...recording.alerts.map(({step, event: {rule, severity, layers = []}}) => ({
        x: at(step),
        row: prefix + rule,
        kind: severity,
        what: [rule, ...layers.slice(0, 4)].join(' '),
      })),
      ...recording.remedies.map(({step, event: {remedy, action}}) => ({
        x: at(step),
        row: prefix + remedy,
        kind: 'remedy' as const,
        what: `${remedy} ${action}`,
      })),
    ];
  });
}

/** Evenly, with the first and the last. */
function thinned(all: readonly Happening[]): readonly Happening[] {
  const size = Math.ceil(all.length / LIMIT);
  return all.filter((_, i) => i % size === 0 || i === all.length - 1);
}
