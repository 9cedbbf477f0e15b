import type {Band, Panel} from '../chart/panel.js';
import {panelChart} from '../chart/panelChart.js';
import {shortNumber} from '../chart/round.js';
import type {Figure} from '../figure.js';
import {kernelsAmong} from '../recording/layersOf.js';
import type {Histogram, Recording} from '../recording/recording.js';
import {aboutStages, columnsFor, type FigureContext, stageMarks, titled} from './figureContext.js';
import {nameOfStage, slug} from './layerStatistics.js';
import {quantilesOfHistogram, type Spread} from './quantilesOfHistogram.js';

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Histograms over time, as bands: a figure for each thing that was counted. */
export function distributions(context: FigureContext): Figure[] {
  const captures = new Set(context.recordings.flatMap(({histograms}) => [...histograms.keys()]));
  return [...captures].map((capture) => distribution(context, capture));
}

function distribution(context: FigureContext, capture: string): Figure {
  const [, of = '', ...stage] = capture.split('/');
  const runs = context.recordings.filter(({histograms}) => histograms.has(capture));
  const columns = runs.map((recording) => panelsOf(context, recording, recording.histograms.get(capture)!));
  const rows = Math.max(...columns.map((panels) => panels.length));
  const empty: Panel = {title: '', scale: 'linear', lines: []};
  const panels =
    runs.length === 1
      ? columns[0]!
      : Array.from({length: rows}, (_, row) => columns.map((column) => column[row] ?? empty)).flat();
  const what = `${of}${stage.length > 0 ? `, ${nameOfStage(stage.join('/'))}` : ''}`;
  return {
    id: `histograms-${slug([of, ...stage].join('-'))}`,
    title: `Histograms of ${what}`,
    caption: `How the entries spread, over time: pale from the lowest to the highest, darker 90 % and 50 % of them, the line is the median. Each panel has its own range, which it names.${aboutStages(context)}`,
    ...panelChart({
      panels,
      columns: runs.length === 1 ? Math.min(3, panels.length) : columnsFor(runs.length),
      unit: context.axis.unit,
      extent: context.extent,
      height: 130,
    }),
  };
}

function panelsOf(
  context: FigureContext,
  recording: Recording,
  subjects: ReadonlyMap<string, readonly Histogram[]>,
): Panel[] {
  return kernelsAmong(subjects.keys(), recording).map(({key, label}): Panel => {
    const spreads = subjects.get(key)!.map((histogram) => ({
      x: context.axis.at(recording, histogram.step),
      spread: quantilesOfHistogram(histogram, SHARES),
    }));
    const known = spreads.flatMap(({spread}) => (spread === undefined ? [] : [spread]));
    const low = known.reduce((least, spread) => Math.min(least, spread.low), Infinity);
    const high = known.reduce((most, spread) => Math.max(most, spread.high), -Infinity);
    const range = known.length === 0 ? 'no finite entries' : `${shortNumber(low)} to ${shortNumber(high)}`;
    const band = (
      name: string,
      opacity: number,
      edges: (spread: Spread) => readonly [number, number],
    ): Band => ({
      name,
      color: 'color:band',
      opacity,
      points: spreads.map(({x, spread}) => [
        x,
        ...(spread === undefined ? ([null, null] as const) : edges(spread)),
      ]),
    });
    return {
      title: titled(context, recording, `${label}, ${range}`),
      scale: 'linear',
      marks: stageMarks(context, recording),
      bands: [
        band('all', 0.16, (spread) => [spread.low, spread.high]),
        band('90 %', 0.24, ({quantiles}) => [quantiles[0]!, quantiles[4]!]),
        band('50 %', 0.42, ({quantiles}) => [quantiles[1]!, quantiles[3]!]),
      ],
      lines: [
        {
          name: 'median',
          color: 'color:ink',
          points: spreads.map(({x, spread}) => [x, spread?.quantiles[2] ?? null]),
        },
      ],
    };
  });
}
