import type {CaptureEvent, EventPosition, TrainingEvent} from '@gradwire/trainer';
import type {RecordedRun} from '../recordedRun.js';
import {meanAndStd} from './meanAndStd.js';
import type {At, Histogram, Recording, Stage} from './recording.js';
import {append, appendTo, emptySeries, entryOf, type Series, type SeriesTable} from './series.js';

/** What figures are drawn of. Everything else that a capture tells is not kept. */
const QUANTITIES = ['mean', 'std', 'norm', 'ratio', 'sumAbsPerShape'];

/** Captures of what the weights are after the update, one step later than their event says. */
const AFTER_UPDATE = /^(weightStats|histograms\/weights)$/;

/** Turns the events of a run into curves, in one pass. Trainings that follow one another are put end to end. */
export function readRun({name, ...rest}: RecordedRun): Recording {
  // The chart library keeps texts as keys of plain objects; this one would reach the prototype of all.
  const run = {...rest, name: name === '__proto__' ? `${name}\u200b` : name};
  const reader = new RunReader();
  for (const event of run.events) reader.read(event);
  return {run, ...reader.result()};
}

class RunReader {
  readonly #stages: Stage[] = [];
  readonly #epochStarts: number[] = [];
  readonly #losses = emptySeries();
  readonly #logs = new Map<string, Series>();
  readonly #captures = new Map<string, SeriesTable>();
  readonly #histograms = new Map<string, Map<string, Histogram[]>>();
  readonly #alerts: At<Recording['alerts'][number]['event']>[] = [];
  readonly #remedies: At<Recording['remedies'][number]['event']>[] = [];
  readonly #failures = new Map<string, number>();
  #run: string | undefined;
  #offset = 0;
  #done = 0;
  #firstEpoch = 0;

  read(event: TrainingEvent): void {
    if (event.run !== this.#run) this.#beginStage(event);
    const step = this.#offset + event.step;
    switch (event.type) {
      case 'epochBegin':
        this.#epochStarts.push(this.#done);
        break;
      case 'step':
        if (event.loss !== undefined) appendTo(this.#losses, step, event.loss);
        this.#done = Math.max(this.#done, event.skipped === true ? step : step + 1);
        break;
      case 'capture':
        this.#capture(event, AFTER_UPDATE.test(event.capture) ? step + 1 : step);
        break;
      case 'captureFailed':
        this.#failures.set(event.capture, (this.#failures.get(event.capture) ?? 0) + 1);
        break;
      case 'alert':
        this.#alerts.push({step, event});
        break;
      case 'remedy':
        this.#remedies.push({step, event});
        break;
      case 'epochEnd':
        for (const [key, value] of Object.entries(event.logs)) {
          appendTo(entryOf(this.#logs, key, emptySeries), this.#done, value);
        }
        break;
      case 'runEnd':
        this.#stages.at(-1)!.end = event;
        break;
      default:
    }
  }

  result(): Omit<Recording, 'run'> {
    return {
      stages: this.#stages,
      steps: this.#done,
      epochStarts: this.#epochStarts,
      firstEpoch: this.#firstEpoch,
      losses: this.#losses,
      logs: this.#logs,
      captures: this.#captures,
      histograms: this.#histograms,
      alerts: this.#alerts,
      remedies: this.#remedies,
      failures: this.#failures,
    };
  }

  /** The first stage keeps its own numbers, as a training that goes on where another one ended has them. */
  #beginStage(event: TrainingEvent & EventPosition): void {
    const isFirst = this.#run === undefined;
    this.#run = event.run;
    if (isFirst) {
      this.#done = event.step;
      this.#firstEpoch = event.epoch;
    }
    this.#offset = this.#done - event.step;
    const begin = event.type === 'runBegin' ? event : undefined;
    this.#stages.push({start: this.#done, begin, end: undefined});
  }

  #capture({capture, values, arrays}: CaptureEvent, step: number): void {
    const table = (): SeriesTable => entryOf(this.#captures, capture, () => new Map());
    for (const [subject, quantities] of Object.entries(values)) {
      for (const quantity of QUANTITIES) {
        const value = quantities[quantity];
        if (value !== undefined) append(table(), subject, quantity, step, value);
      }
    }
    for (const [subject, {counts, edges, values: entries}] of Object.entries(arrays)) {
      if (counts !== undefined && edges !== undefined) {
        const subjects = entryOf(this.#histograms, capture, () => new Map<string, Histogram[]>());
        entryOf(subjects, subject, () => []).push({step, counts, edges});
      } else if (capture === 'weightSnapshots' && entries !== undefined) {
        const {mean, std} = meanAndStd(entries);
        append(table(), subject, 'mean', step, mean);
        append(table(), subject, 'std', step, std);
      }
    }
  }
}
