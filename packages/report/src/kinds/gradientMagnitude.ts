import type {Panel} from '../chart/panel.js';
import {panelChart} from '../chart/panelChart.js';
import type {Figure} from '../figure.js';
import {kernelsAmong} from '../recording/layersOf.js';
import {columnsFor, type FigureContext, pointsOf, stageMarks} from './figureContext.js';
import {commonNames, layerPanels} from './layerPanels.js';

const CURVES = 8;
const DASHES = [undefined, 'dashed', 'dotted'] as const;

/** Sum of gradient sizes by layer: as in the notebook after CS231n, all runs in one pair of axes while their curves are few. */
export function gradientMagnitude(context: FigureContext): Figure[] {
  const runs = context.recordings.flatMap((recording, index) => {
    const table = recording.captures.get('gradientMagnitude');
    return table === undefined
      ? []
      : [{recording, index, table, subjects: kernelsAmong(table.keys(), recording)}];
  });
  if (runs.length === 0) return [];
  const names = commonNames(runs.map(({subjects}) => subjects));
  const count = runs.reduce((sum, {subjects}) => sum + subjects.length, 0);
  const isJoint =
    runs.length > 1 && count <= CURVES && runs.every(({subjects}) => subjects.length <= DASHES.length);
  const joint: Panel = {
    title: 'Σ|g| / Σ shape',
    scale: 'log',
    lines: runs.flatMap(({recording, index, table, subjects}, i) =>
      subjects.map(({key}, layer) => ({
        name: `${recording.run.name}, ${names[i]![layer]!}`,
        color: `color:run/${index}` as const,
        ...(layer === 0 ? {} : {dash: DASHES[layer]!}),
        points: pointsOf(context, recording, table.get(key)!.get('sumAbsPerShape')!),
      })),
    ),
    marks: runs.flatMap(({recording}) => stageMarks(context, recording)),
  };
  const panels = isJoint
    ? [joint]
    : layerPanels(context, 'gradientMagnitude', [
        {title: 'Σ|g| / Σ shape', quantity: 'sumAbsPerShape', scale: 'log'},
      ]);
  return [
    {
      id: 'gradient-magnitude',
      title: 'Sum of gradient magnitudes',
      caption: `Sum of the sizes of each kernel's gradient, divided by its rows plus columns.${
        isJoint ? ' Colours are runs; the first layer is solid, the second dashed, the third dotted.' : ''
      }`,
      ...panelChart({
        panels,
        columns: isJoint ? 1 : columnsFor(runs.length),
        unit: context.axis.unit,
        extent: context.extent,
        height: isJoint ? 260 : 200,
      }),
    },
  ];
}
