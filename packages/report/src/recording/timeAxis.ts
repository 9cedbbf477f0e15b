import type {Recording} from './recording.js';

/** What the horizontal axes of a report show, the same for all of its figures. */
export interface TimeAxis {
  readonly unit: 'epoch' | 'step';
  /** The place of a step on it: of epochs, how many are done. */
  at(recording: Recording, step: number): number;
}

/** Epochs, unless there are no two of them in any run, or every one has a single step. */
export function timeAxisOf(recordings: readonly Recording[]): TimeAxis {
  const hasEpochs = recordings.some(({epochStarts, steps}) => {
    return epochStarts.length > 1 && steps - epochStarts[0]! > epochStarts.length;
  });
  const isComplete = recordings.every(({epochStarts}) => epochStarts.length > 0);
  return hasEpochs && isComplete ? {unit: 'epoch', at: epochsDone} : {unit: 'step', at: (_, step) => step};
}

function epochsDone({epochStarts, firstEpoch, steps, stages}: Recording, step: number): number {
  let [low, high] = [0, epochStarts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (epochStarts[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  const start = epochStarts[low]!;
  const isLast = low === epochStarts.length - 1;
  const planned = stages.at(-1)?.begin?.stepsPerEpoch ?? 0;
  const length = isLast ? Math.max(steps - start, planned) : epochStarts[low + 1]! - start;
  return firstEpoch + low + (length === 0 ? 0 : (step - start) / length);
}
