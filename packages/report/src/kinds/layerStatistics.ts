import type {Panel} from '../chart/panel.js';
import {panelChart} from '../chart/panelChart.js';
import type {Figure} from '../figure.js';
import {aboutStages, columnsFor, type FigureContext, pointsOf, titled} from './figureContext.js';
import {type LayerRow, layerPanels} from './layerPanels.js';

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** The first of these that was captured. */
  readonly captures: readonly string[];
  readonly rows: readonly LayerRow[];
  /** A last row with the loss. */
  readonly hasLoss?: boolean;
}

const BY_LAYER = 'One curve per layer, from the first, which is next to the inputs, to the last.';

const MOMENTS: readonly LayerRow[] = [
  {title: 'mean', quantity: 'mean', scale: 'linear'},
  {title: 'standard deviation', quantity: 'std', scale: 'linear'},
];

/** Of gradients: the panels of Brownlee's tutorial, and the size of the mean. */
const GRADIENTS: readonly LayerRow[] = [
  {title: 'mean', quantity: 'mean', scale: 'linear'},
  {title: '|mean|', quantity: 'mean', scale: 'log', isAbsolute: true},
  {title: 'standard deviation', quantity: 'std', scale: 'log'},
];

const KINDS: readonly Kind[] = [
  {
    id: 'update-ratio',
    title: 'Size of updates relative to weights',
    caption: `${BY_LAYER} ‖Δw‖ / ‖w‖; the dotted line is at 1e-3, about where a training that goes well is.`,
    captures: ['updateStats'],
    rows: [{title: '‖Δw‖ / ‖w‖', quantity: 'ratio', scale: 'log', level: 1e-3}],
  },
  {
    id: 'weights',
    title: 'Weights by layer',
    caption: `${BY_LAYER} Mean and standard deviation of the weights as they change.`,
    captures: ['weightSnapshots', 'weightStats'],
    rows: MOMENTS,
  },
  {
    id: 'activations',
    title: 'Activations by layer',
    caption: `${BY_LAYER} Mean and standard deviation of what it returns for a batch.`,
    captures: ['activationStats'],
    rows: MOMENTS,
  },
];

/** Mean and deviation of the gradients of every layer, at each stage of the chain that was captured. */
export function gradientStatistics(context: FigureContext): Figure[] {
  const names = context.recordings.flatMap(({captures}) => [...captures.keys()]);
  const captures = [...new Set(names)].filter((name) => /^gradientStats(\/|$)/.test(name));
  return captures.flatMap((capture) => {
    const stage = capture.slice('gradientStats/'.length);
    return figureOf(context, {
      id: stage === '' ? 'gradients' : `gradients-${slug(stage)}`,
      title: stage === '' ? 'Gradients by layer' : `Gradients by layer, ${nameOfStage(stage)}`,
      caption: `${BY_LAYER} Where gradients vanish, the deviation of the first layers is far below that of the last.`,
      captures: [capture],
      rows: GRADIENTS,
      hasLoss: true,
    });
  });
}

/** Weights, updates and activations of every layer. */
export function layerStatistics(context: FigureContext): Figure[] {
  return KINDS.flatMap((kind) => figureOf(context, kind));
}

/** A text as part of an id. */
export function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '-');
}

/** A stage of the chain of transforms, in words. */
export function nameOfStage(stage: string): string {
  return stage === 'final' ? 'after all transforms' : `after ${stage}`;
}

function figureOf(context: FigureContext, {id, title, caption, captures, rows, hasLoss}: Kind): Figure[] {
  const capture = captures.find((name) => context.recordings.some((run) => run.captures.has(name)));
  if (capture === undefined) return [];
  const runs = context.recordings.filter((run) => run.captures.has(capture));
  const panels = layerPanels(context, capture, rows);
  const loss = hasLoss === true ? runs.map((recording) => lossPanel(context, recording)) : [];
  const all = [...panels, ...loss];
  if (all.every(({lines}) => lines.length === 0)) return [];
  const left = leftOut(panels);
  const columns = runs.length === 1 ? Math.min(2, all.length) : columnsFor(runs.length);
  return [
    {
      id,
      title,
      caption: caption + left + aboutStages(context),
      ...panelChart({panels: all, columns, unit: context.axis.unit, extent: context.extent}),
    },
  ];
}

function lossPanel(context: FigureContext, recording: FigureContext['recordings'][number]): Panel {
  const series = recording.logs.get('loss') ?? recording.losses;
  const line = {name: 'loss', color: 'color:ink', points: pointsOf(context, recording, series)} as const;
  return {title: titled(context, recording, 'loss'), scale: 'linear', lines: [line], group: 'loss'};
}

/** What a logarithmic axis cannot show is told. */
function leftOut(panels: readonly Panel[]): string {
  let zeros = 0;
  let broken = 0;
  for (const {lines, scale} of panels) {
    for (const {points} of lines) {
      for (const [, y] of points) {
        if (y === null) continue;
        if (!Number.isFinite(y)) broken++;
        else if (scale === 'log' && y <= 0) zeros++;
      }
    }
  }
  return [
    zeros > 0 ? ` Gaps on log axes: ${zeros} values that are 0.` : '',
    broken > 0 ? ` Other gaps: ${broken} values that are no numbers or infinite.` : '',
  ].join('');
}
