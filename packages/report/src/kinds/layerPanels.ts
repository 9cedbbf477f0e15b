import type {ColorName} from '../chart/palette.js';
import type {Line, Panel} from '../chart/panel.js';
import {kernelsAmong, type Subject} from '../recording/layersOf.js';
import type {Recording} from '../recording/recording.js';
import type {SeriesTable} from '../recording/series.js';
import {type FigureContext, pointsOf, stageMarks, titled} from './figureContext.js';

/** One row of panels, a panel for each run. */
export interface LayerRow {
  readonly title: string;
  readonly quantity: string;
  readonly scale: Panel['scale'];
  /** Sizes instead of values. */
  readonly isAbsolute?: boolean;
  readonly level?: number;
}

/** Curves of every layer, in panels by quantity and run; none where no run has the capture. */
export function layerPanels(context: FigureContext, capture: string, rows: readonly LayerRow[]): Panel[] {
  const runs = context.recordings.flatMap((recording) => {
    const table = recording.captures.get(capture);
    return table === undefined ? [] : [{recording, table, subjects: kernelsAmong(table.keys(), recording)}];
  });
  const names = commonNames(runs.map(({subjects}) => subjects));
  return rows.flatMap((row) =>
    runs.map(({recording, table, subjects}, i) => ({
      title: titled(context, recording, row.title),
      scale: row.scale,
      group: row.title,
      ...(row.level === undefined ? {} : {level: row.level}),
      marks: stageMarks(context, recording),
      lines: subjects.flatMap(({key}, layer) =>
        lineOf(context, recording, {
          table,
          key,
          row,
          name: names[i]![layer]!,
          color: layerColor(layer, subjects.length),
        }),
      ),
    })),
  );
}

export function layerColor(layer: number, count: number): ColorName {
  return `color:layer/${layer}/${count}`;
}

/** The names of each run's layers; where runs differ in them, numbers, so that one entry of a legend stands for all runs. */
export function commonNames(runs: readonly (readonly Subject[])[]): readonly (readonly string[])[] {
  const lists = runs.map((subjects) => subjects.map(({label}) => label));
  const isCommon = lists.every((list) => list.join('\n') === lists[0]?.join('\n'));
  return isCommon ? lists : lists.map((list) => list.map((_, i) => `layer ${i + 1}`));
}

interface LineRequest {
  readonly table: SeriesTable;
  readonly key: string;
  readonly row: LayerRow;
  readonly name: string;
  readonly color: ColorName;
}

function lineOf(context: FigureContext, recording: Recording, request: LineRequest): Line[] {
  const {table, key, row, name, color} = request;
  const series = table.get(key)?.get(row.quantity);
  if (series === undefined) return [];
  const values = row.isAbsolute === true ? series.values.map(Math.abs) : series.values;
  return [{name, color, points: pointsOf(context, recording, {...series, values})}];
}
