import {stat, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import {jsonl, tensorBoard} from '@gradwire/loggers';
import type {EventConsumer, TrainerServices, TrainingEvent} from '@gradwire/trainer';
import {Subject} from 'rxjs';
import {continuedEvents} from './continuedEvents.js';
import {runFiles} from './runFiles.js';

/** Where a recording goes on: within a run, or before the next one begins. */
interface RecordedSoFar {
  /** Bytes of the events' file. */
  readonly events: number;
  readonly run?: string;
}

/** Writes the events of a run's stages, and of its attempts, into its folder as those of one training. */
export class RunRecorder {
  /** Id of the run that goes on. */
  run: string | undefined;
  /** Told of every event, as it is in this attempt, once it is recorded. */
  watch: ((event: TrainingEvent, services: TrainerServices) => void) | undefined;
  readonly #file: string;
  readonly #events$ = new Subject<TrainingEvent>();
  readonly #logs: readonly {flushed(): Promise<void>}[];
  #continued: ((event: TrainingEvent) => TrainingEvent | undefined) | undefined;

  private constructor(folder: string, {run}: RecordedSoFar, withTensorBoard: boolean) {
    this.run = run;
    this.#continued = run === undefined ? undefined : continuedEvents(run);
    this.#file = join(folder, runFiles.events);
    const logs = [
      jsonl(this.#file),
      ...(withTensorBoard ? [tensorBoard(join(folder, runFiles.tensorBoard))] : []),
    ];
    for (const log of logs) log(this.#events$);
    this.#logs = logs;
  }

  /** Drops what was recorded after `from`, by an attempt that did not get as far as its next checkpoint. */
  static async open(
    folder: string,
    {
      from = {events: 0},
      withTensorBoard,
    }: {readonly from?: RecordedSoFar | undefined; readonly withTensorBoard: boolean},
  ): Promise<RunRecorder> {
    const file = join(folder, runFiles.events);
    // Longer than it is, `truncate` would fill it with zeros.
    if ((await sizeOf(file)) > from.events) await truncate(file, from.events);
    return new RunRecorder(folder, from, withTensorBoard);
  }

  /** For every trainer of the run. */
  readonly consumer: EventConsumer = (events$, services) =>
    events$.subscribe((event) => {
      this.#record(event);
      this.watch?.(event, services);
    });

  #record(told: TrainingEvent): void {
    const event = this.#continued === undefined ? told : this.#continued(told);
    if (told.type === 'runEnd') this.#continued = undefined;
    if (event === undefined) return;
    this.run = event.run;
    this.#events$.next(event);
  }

  /** Waits until all is in the files. Returns the length of the events' file in bytes. */
  async flushed(): Promise<number> {
    await Promise.all(this.#logs.map((log) => log.flushed()));
    return sizeOf(this.#file);
  }

  async close(): Promise<void> {
    this.#events$.complete();
    await this.flushed();
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
