import {rm, stat, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import {type FileLogger, jsonl, tensorBoard} from '@gradwire/loggers';
import type {Alert, EventConsumer, TrainerServices, TrainingEvent} from '@gradwire/trainer';
import {Subject} from 'rxjs';
import {continuedEvents} from './continuedEvents.js';
import {runFiles} from './runFiles.js';

/** Where a recording goes on: within a run, or before the next one begins. */
interface RecordedSoFar {
  /** Bytes of the events' file. */
  readonly events: number;
  readonly run?: string;
  /** Index of the stage that it goes on in. Default 0. */
  readonly stage?: number;
}

/** Writes the events of a run's stages, and of its attempts, into its folder as those of one training. */
export class RunRecorder {
  /** Id of the run that goes on. */
  run: string | undefined;
  /** Told of every event, as it is in this attempt, once it is recorded. */
  watch: ((event: TrainingEvent, services: TrainerServices) => void) | undefined;
  readonly #file: string;
  readonly #events$ = new Subject<TrainingEvent>();
  readonly #logs: {flushed(): Promise<void>}[] = [];
  /** Folder for TensorBoard, if it is wanted. */
  readonly #board: string | undefined;
  /** The events of this attempt at a stage. */
  #board$ = new Subject<TrainingEvent>();
  #stage: number;
  #hasBegun = false;
  #continued: ((event: TrainingEvent) => TrainingEvent | undefined) | undefined;
  /** Of the trainer that has told an event last. */
  #services: TrainerServices | undefined;

  private constructor(folder: string, {run, stage = 0}: RecordedSoFar, board: string | undefined) {
    this.run = run;
    this.#continued = run === undefined ? undefined : continuedEvents(run);
    this.#file = join(folder, runFiles.events);
    this.#board = board;
    this.#stage = stage;
    this.#write(jsonl(this.#file), this.#events$);
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
    const board = withTensorBoard ? join(folder, runFiles.tensorBoard) : undefined;
    // A stage that begins again begins at step 0, where TensorBoard voids nothing.
    if (board !== undefined && from.run === undefined)
      await rm(folderOfStage(board, from.stage ?? 0), {recursive: true, force: true});
    return new RunRecorder(folder, from, board);
  }

  /** For every trainer of the run. */
  readonly consumer: EventConsumer = (events$, services) =>
    events$.subscribe({
      next: (event) => {
        this.#services = services;
        this.#record(event);
        this.watch?.(event, services);
      },
      complete: () => {
        if (this.#services === services) this.#services = undefined;
      },
    });

  #record(told: TrainingEvent): void {
    if (told.type === 'runBegin') this.#begin();
    const event = this.#continued === undefined ? told : this.#continued(told);
    // TensorBoard voids the steps that are done again when it is told where an attempt begins.
    if (event !== undefined || told.type === 'runBegin') this.#board$.next(event ?? told);
    if (event === undefined) return;
    this.run = event.run;
    this.#events$.next(event);
  }

  /** The first run of an attempt goes on with a stage, the others begin the next ones. */
  #begin(): void {
    if (this.#hasBegun) {
      this.#continued = undefined;
      this.#stage++;
    }
    this.#hasBegun = true;
    if (this.#board === undefined) return;
    this.#board$.complete();
    this.#board$ = new Subject();
    this.#write(tensorBoard(folderOfStage(this.#board, this.#stage)), this.#board$);
  }

  #write(log: FileLogger, events$: Subject<TrainingEvent>): void {
    log(events$, {alert: (alert) => this.#tell(alert)});
    this.#logs.push(log);
  }

  #tell(alert: Alert): void {
    if (this.#services === undefined) process.emitWarning(alert.message, 'GradwireWarning');
    else this.#services.alert(alert);
  }

  /** Waits until all is in the files. Returns the length of the events' file in bytes. */
  async flushed(): Promise<number> {
    await Promise.all(this.#logs.map((log) => log.flushed()));
    return sizeOf(this.#file);
  }

  async close(): Promise<void> {
    this.#events$.complete();
    this.#board$.complete();
    await this.flushed();
  }
}

/** The steps of a stage begin at 0: in one folder, they would take the place of those before. */
function folderOfStage(board: string, stage: number): string {
  return stage === 0 ? board : join(board, `stage-${stage + 1}`);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
