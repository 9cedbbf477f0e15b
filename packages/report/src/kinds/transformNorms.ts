import type {Panel} from '../chart/panel.js';
import {panelChart} from '../chart/panelChart.js';
import type {Figure} from '../figure.js';
import {columnsFor, type FigureContext, pointsOf, stageMarks, titled} from './figureContext.js';
import {layerColor} from './layerPanels.js';

/** The norm of all gradients before the first transform and after each. */
export function transformNorms(context: FigureContext): Figure[] {
  const panels = context.recordings.flatMap((recording): Panel[] => {
    const table = recording.captures.get('chainNorms');
    if (table === undefined) return [];
    return [
      {
        title: titled(context, recording, 'norm of all gradients'),
        scale: 'log',
        group: 'norm',
        marks: stageMarks(context, recording),
        lines: [...table].flatMap(([stage, quantities], i) => {
          const series = quantities.get('norm');
          if (series === undefined) return [];
          const points = pointsOf(context, recording, series);
          const color = i === 0 ? 'color:muted' : layerColor(i - 1, table.size - 1);
          return [{name: i === 0 ? stage : `after ${stage}`, color, points}];
        }),
      },
    ];
  });
  if (panels.length === 0) return [];
  return [
    {
      id: 'transform-norms',
      title: 'Before and after each transform',
      caption:
        'Joint norm of all gradients: grey as backpropagation gives them, then after each transform of the chain. The last is what the optimizer gets.',
      ...panelChart({
        panels,
        columns: columnsFor(panels.length),
        unit: context.axis.unit,
        extent: context.extent,
        height: 220,
      }),
    },
  ];
}
