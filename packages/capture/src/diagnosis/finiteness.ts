import type {TrainingEvent} from '@gradwire/core';

/** Values that are not finite, at one event. */
export interface Breakage {
  /** Where they come from: a capture, or `loss`. */
  readonly source: string;
  /** What they belong to: keys of the capture, or of the logs. */
  readonly subjects: readonly string[];
  /** The first of them. */
  readonly value: number;
}

/** What is infinite for good reasons: the ratio of an update to weights that are 0. */
const MAY_BE_INFINITE = 'ratio';

/** What is NaN or infinite in a run, from the event that shows it to the next one of the same source in which all is finite. */
export class Finiteness {
  readonly #broken = new Set<string>();

  get isBroken(): boolean {
    return this.#broken.size > 0;
  }

  /** Takes in an event, and returns what broke at it, where nothing was broken before. */
  observe(event: TrainingEvent): Breakage | undefined {
    if (event.type === 'alert' && event.rule === 'nonFiniteLoss') this.#broken.add('loss');
    const seen = lookAt(event);
    if (seen === undefined) return undefined;
    const isNew = seen.subjects.length > 0 && !this.isBroken;
    if (seen.subjects.length > 0) this.#broken.add(seen.source);
    else this.#broken.delete(seen.source);
    return isNew ? seen : undefined;
  }
}

/** What an event has to say; undefined where that is nothing. */
function lookAt(event: TrainingEvent): Breakage | undefined {
  if (event.type === 'capture') return {source: event.capture, ...badOf(event.values)};
  if (event.type === 'epochEnd') {
    const {loss = 0, val_loss = 0} = event.logs;
    return {source: 'loss', ...badOf({loss: {loss}, val_loss: {val_loss}})};
  }
  if (event.type !== 'step' || event.loss === undefined) return undefined;
  return {source: 'loss', ...badOf({loss: {loss: event.loss}})};
}

/** Runs over every statistic of every capture: allocates nothing for those that are finite. */
function badOf(values: Readonly<Record<string, Readonly<Record<string, number>>>>): Omit<Breakage, 'source'> {
  const subjects: string[] = [];
  let first = 0;
  for (const subject in values) {
    const quantities = values[subject]!;
    for (const quantity in quantities) {
      const value = quantities[quantity]!;
      if (Number.isFinite(value) || quantity === MAY_BE_INFINITE) continue;
      if (subjects.length === 0) first = value;
      subjects.push(subject);
      break;
    }
  }
  return {subjects, value: first};
}
