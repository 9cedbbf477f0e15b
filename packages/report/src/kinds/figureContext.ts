import type {Mark} from '../chart/panel.js';
import type {Point} from '../chart/thin.js';
import type {Recording} from '../recording/recording.js';
import type {Series} from '../recording/series.js';
import type {TimeAxis} from '../recording/timeAxis.js';

/** What all figures of a report share. */
export interface FigureContext {
  readonly recordings: readonly Recording[];
  readonly axis: TimeAxis;
  /** The range of the time axis. */
  readonly extent: readonly [from: number, to: number];
}

/** A curve on the time axis. Between stages there is a gap. */
export function pointsOf({axis}: FigureContext, recording: Recording, {steps, values}: Series): Point[] {
  const borders = recording.stages.slice(1).map(({start}) => start);
  return steps.flatMap((step, i): Point[] => {
    const point: Point = [axis.at(recording, step), values[i]!];
    const before = steps[i - 1];
    const border =
      before === undefined ? undefined : borders.find((start) => before <= start && start < step);
    return border === undefined ? [point] : [[axis.at(recording, border), null], point];
  });
}

/** Where one stage ends and the next begins. */
export function stageMarks({axis}: FigureContext, recording: Recording, hasLabels = false): Mark[] {
  return recording.stages.slice(1).map(({start}, i) => ({
    x: axis.at(recording, start),
    color: 'color:muted',
    dash: 'dashed',
    ...(hasLabels ? {label: String(i + 2)} : {}),
  }));
}

/** With the run's name in front, where there are several. */
export function titled({recordings}: FigureContext, {run}: Recording, title: string): string {
  return recordings.length === 1 ? title : `${run.name}: ${title}`;
}

/** How many panels stand side by side where each run has one in every row. */
export function columnsFor(runs: number): number {
  return runs <= 4 ? runs : Math.ceil(runs / Math.ceil(runs / 4));
}

/** One sentence on the dashed lines, where there are any. */
export function aboutStages({recordings}: FigureContext): string {
  return recordings.some(({stages}) => stages.length > 1)
    ? ' Dashed vertical lines: a new stage of the training begins.'
    : '';
}
