import type {ColorName} from '../chart/palette.js';
import type {Line, Mark, Panel} from '../chart/panel.js';
import {panelChart} from '../chart/panelChart.js';
import type {Figure} from '../figure.js';
import type {Recording} from '../recording/recording.js';
import {aboutStages, type FigureContext, pointsOf, stageMarks} from './figureContext.js';

const MARKS = 12;

/** Loss and metrics, each with its validation: a panel by quantity, all runs in it. */
export function learningCurves(context: FigureContext): Figure[] {
  const keys = context.recordings.flatMap(({logs, losses}) => [
    ...(losses.steps.length > 0 ? ['loss'] : []),
    ...[...logs.keys()].map((key) => key.replace(/^val_/, '')),
  ]);
  const quantities = [...new Set(keys)];
  if (quantities.length === 0) return [];
  const marks = context.recordings.length === 1 ? happenings(context, context.recordings[0]!) : [];
  const stages = context.recordings.flatMap((recording) => stageMarks(context, recording, true));
  const panels = quantities.map((quantity): Panel => ({
    title: quantity,
    scale: 'linear',
    lines: context.recordings.flatMap((recording, i) => linesOf(context, recording, i, quantity)),
    marks: [...distinct(stages), ...marks],
  }));
  const hasBatches = panels.some(({lines}) => lines.some(({isFaint}) => isFaint));
  return [
    {
      id: 'learning-curves',
      title: 'Loss and metrics',
      caption: [
        context.recordings.some(({logs}) => [...logs.keys()].some((key) => key.startsWith('val_')))
          ? 'Training: solid; validation: dashed.'
          : 'Over the training data.',
        hasBatches ? ' Faint: single batches.' : '',
        marks.length > 0
          ? ' Vertical lines: first alert of each rule (orange, red if an error), remedies (green).'
          : '',
        aboutStages(context),
      ].join(''),
      ...panelChart({
        panels,
        columns: Math.min(2, panels.length),
        unit: context.axis.unit,
        extent: context.extent,
        height: 230,
      }),
    },
  ];
}

function linesOf(context: FigureContext, recording: Recording, index: number, quantity: string): Line[] {
  const {logs, losses, run} = recording;
  const isSingle = context.recordings.length === 1;
  const color: ColorName = `color:run/${index}`;
  const named = (kind: string): string =>
    isSingle ? kind : `${run.name}${kind === 'training' ? '' : `, ${kind}`}`;
  const lines: Line[] = [];
  const epochs = logs.get(quantity);
  if (epochs !== undefined) {
    lines.push({name: named('training'), color, points: pointsOf(context, recording, epochs)});
  }
  // After the epochs, whose line is the one for the legend.
  if (quantity === 'loss' && losses.steps.length > (epochs?.steps.length ?? 0)) {
    const batches = {name: named('training'), color, points: pointsOf(context, recording, losses)};
    lines.push(epochs === undefined ? batches : {...batches, isFaint: true});
  }
  const validation = logs.get(`val_${quantity}`);
  if (validation !== undefined) {
    const points = pointsOf(context, recording, validation);
    lines.push({name: named('validation'), color: isSingle ? 'color:run/1' : color, points, dash: 'dashed'});
  }
  return lines;
}

/** The first alert of each rule, and every remedy that did something. */
function happenings(context: FigureContext, recording: Recording): Mark[] {
  const at = (step: number): number => context.axis.at(recording, step);
  const rules = new Set<string>();
  const alerts = recording.alerts.flatMap(({step, event: {rule, severity}}): Mark[] => {
    if (rules.has(rule) || severity === 'info') return [];
    rules.add(rule);
    return [{x: at(step), color: `color:${severity}`}];
  });
  const remedies = recording.remedies
    .filter(({event: {action}}) => action === 'applied' || action === 'undone')
    .map(({step}): Mark => ({x: at(step), color: 'color:remedy'}));
  return [...alerts.slice(0, MARKS), ...remedies.slice(0, MARKS)];
}

function distinct(marks: readonly Mark[]): Mark[] {
  return [...new Map(marks.map((mark) => [mark.x, mark])).values()];
}
