import type {Figure} from './figure.js';
import {decisionBoundary} from './kinds/decisionBoundary.js';
import {distributions} from './kinds/distributions.js';
import type {FigureContext} from './kinds/figureContext.js';
import {gradientMagnitude} from './kinds/gradientMagnitude.js';
import {gradientNorms} from './kinds/gradientNorms.js';
import {gradientStatistics, layerStatistics} from './kinds/layerStatistics.js';
import {learningCurves} from './kinds/learningCurves.js';
import {timeline} from './kinds/timeline.js';
import {transformNorms} from './kinds/transformNorms.js';
import type {RecordedRun} from './recordedRun.js';
import {readRun} from './recording/readRun.js';
import type {Recording} from './recording/recording.js';
import {timeAxisOf} from './recording/timeAxis.js';

const KINDS = [
  learningCurves,
  decisionBoundary,
  timeline,
  gradientStatistics,
  gradientNorms,
  gradientMagnitude,
  distributions,
  transformNorms,
  layerStatistics,
];

/**
 * The figures of a run, or of several to compare: those for which the runs have data.
 *
 * | id                                 | needs the capture                               |
 * | ---------------------------------- | ----------------------------------------------- |
 * | `learning-curves`                  |                                                 |
 * | `decision-boundary`                | `boundary` of the run                           |
 * | `alerts-and-remedies`              | alerts or remedies                              |
 * | `gradients`, `gradients-final`, …  | `gradientStats`                                 |
 * | `gradient-norms`                   | `gradientStats`                                 |
 * | `gradient-magnitude`               | `gradientMagnitude`                             |
 * | `histograms-gradients`, …          | `histograms`                                    |
 * | `transform-norms`                  | `chainNorms`                                    |
 * | `update-ratio`                     | `updateStats`                                   |
 * | `weights`                          | `weightSnapshots` or `weightStats`              |
 * | `activations`                      | `activationStats`                               |
 *
 * Time axes count epochs, or steps where no run has two epochs of several steps; trainings of one run stand end to end.
 * Curves are thinned to at most 1500 points, of which the lowest and the highest of each stretch are kept.
 *
 * @param runs one, or those to compare; their names should differ.
 * @example
 * ```ts
 * import {figures} from '@gradwire/report';
 *
 * const at = {run: 'r', step: 0, epoch: 0, time: 0};
 * const events = [{type: 'epochEnd', ...at, logs: {loss: 0.5}, duration: 1}] as const;
 * console.log(figures([{name: 'one', events}]).map(({id}) => id)); // ['learning-curves']
 * ```
 */
export function figures(runs: readonly RecordedRun[]): Figure[] {
  return figuresOf(runs.map(readRun));
}

/** {@link figures} of runs that have been read. */
export function figuresOf(recordings: readonly Recording[]): Figure[] {
  if (recordings.length === 0) return [];
  const axis = timeAxisOf(recordings);
  const ends = recordings.map((recording) => {
    const first = recording.stages[0]?.start ?? 0;
    return [axis.at(recording, first), axis.at(recording, recording.steps)] as const;
  });
  const extent = [Math.min(...ends.map(([from]) => from)), Math.max(...ends.map(([, to]) => to))] as const;
  const context: FigureContext = {recordings, axis, extent};
  return KINDS.flatMap((kind) => kind(context));
}
