import type {RemedyEvent} from '@gradwire/core';
import type {Pathology} from '@gradwire/testing/pathologies';
import type {Course} from './train.js';

/** One pathology with one seed: the training as it is, and the same with remedies. */
export interface Twins {
  readonly untreated: Course;
  readonly treated: Course;
}

/** What remedies did for one pathology, seed by seed. */
export interface Outcome {
  readonly pathology: Pathology;
  /** Seeds it was trained with. */
  readonly seeds: number;
  /** Seeds in which the ill one was repaired, or the healthy one not harmed. */
  readonly right: number;
  /** Medians over the seeds of what is compared. */
  readonly untreated: number;
  readonly treated: number;
  /** Remedies by the seeds in which their change was applied. */
  readonly applied: Readonly<Record<string, number>>;
  /** Seeds in which a change was undone. */
  readonly undone: number;
}

/** An ill training is repaired if its loss is lower than its twin's by this factor. */
const REPAIRED = 0.8;
/** A healthy one is harmed if its loss is higher by this factor. */
const HARMED = 1.1;

/** What is compared: the loss on validation data where the training has some, else on the training data. */
export function levels({untreated, treated}: Twins): [untreated: number, treated: number] {
  const {valLoss} = untreated;
  if (valLoss === undefined) return [untreated.loss, treated.loss];
  return [finite(valLoss), finite(treated.valLoss!)];
}

/** Whether an ill training is repaired, or a healthy one not harmed. */
export function isRight({illness}: Pathology, twins: Twins): boolean {
  const [untreated, treated] = levels(twins);
  if (illness === 'none') return treated <= HARMED * untreated;
  // A loss that is no number could be undercut by anything.
  if (!Number.isFinite(untreated)) return treated <= twins.treated.start;
  return treated <= REPAIRED * untreated;
}

/** All seeds of one pathology together. */
export function summarize(pathology: Pathology, trainings: readonly Twins[]): Outcome {
  const applied: Record<string, number> = {};
  for (const {treated} of trainings) {
    for (const name of new Set(changes(treated.actions).map(({remedy}) => remedy)))
      applied[name] = (applied[name] ?? 0) + 1;
  }
  return {
    pathology,
    seeds: trainings.length,
    right: trainings.filter((twins) => isRight(pathology, twins)).length,
    untreated: median(trainings.map((twins) => levels(twins)[0])),
    treated: median(trainings.map((twins) => levels(twins)[1])),
    applied,
    undone: trainings.filter(({treated}) => treated.actions.some(({action}) => action === 'undone')).length,
  };
}

function changes(actions: readonly RemedyEvent[]): readonly RemedyEvent[] {
  return actions.filter(({action}) => action === 'applied');
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
