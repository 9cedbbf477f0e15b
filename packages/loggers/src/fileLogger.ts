import {describeValue, requirePositive} from '@gradwire/core';
import type {Alert, TrainerServices, TrainingEvent} from '@gradwire/trainer';
import type {Observable, Subscription} from 'rxjs';
import {type Append, BoundedWriter} from './boundedWriter.js';
import {LossReport} from './lossReport.js';

/** How much a logger may hold. */
export interface FileLoggerOptions {
  /**
   * Bytes that may wait to be written; beyond, events are dropped: `step` and `capture` first, the others when the last
   * sixteenth is full too. Default 16 MiB. A single event that is larger passes when nothing waits.
   */
  readonly maxBufferedBytes?: number;
}

/** A consumer of training events that writes to files. */
export interface FileLogger {
  /** With a trainer's services, what is lost is told by an `alert` event; without, by `process.emitWarning`. */
  (events$: Observable<TrainingEvent>, services?: Pick<TrainerServices, 'alert'>): Subscription;
  /**
   * Resolves when the operating system has all that was seen so far, or an attempt to hand it over has failed. Never rejects.
   */
  flushed(): Promise<void>;
}

/** What a kind of logger works with. */
export interface LoggerDesk {
  /** Begins another file. */
  open(append: Append): BoundedWriter;
  tell(alert: Alert): void;
}

/** What all loggers to files have in common; `begin` returns what one does with an event. */
export function fileLogger(
  name: string,
  maxBufferedBytes: number,
  begin: (desk: LoggerDesk) => (event: TrainingEvent) => void,
): FileLogger {
  const writers: BoundedWriter[] = [];
  const listeners = new Set<(alert: Alert) => void>();
  const tell = (alert: Alert) => {
    const [listener] = listeners;
    if (listener === undefined) process.emitWarning(alert.message, 'GradwireWarning');
    else listener(alert);
  };
  const report = new LossReport(name, writers, tell);
  const open = (append: Append) => {
    const writer = new BoundedWriter(append, maxBufferedBytes, () => report.trouble());
    writers.push(writer);
    return writer;
  };
  const log = begin({open, tell});
  const flushed = async () => {
    await Promise.all(writers.map((writer) => writer.flushed()));
  };

  const consumer = (events$: Observable<TrainingEvent>, services?: Pick<TrainerServices, 'alert'>) => {
    const listener = services === undefined ? undefined : (alert: Alert) => services.alert(alert);
    if (listener !== undefined) listeners.add(listener);
    const subscription = events$.subscribe({
      next: (event) => {
        log(event);
        if (event.type !== 'runEnd') return;
        report.end();
        void flushed();
      },
      // Without a handler, RxJS would throw the error at the process.
      error: (error: unknown) =>
        process.emitWarning(`${name}: the stream of events failed: ${String(error)}`, 'GradwireWarning'),
    });
    subscription.add(() => {
      report.end();
      if (listener !== undefined) listeners.delete(listener);
    });
    return subscription;
  };
  return Object.assign(consumer, {flushed});
}

const DEFAULT_BYTES = 16 * 2 ** 20;

/** Checks what loggers have in common. */
export function requireFileLogger(
  where: string,
  option: string,
  path: unknown,
  maxBufferedBytes = DEFAULT_BYTES,
): number {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`${where}: ${option} must be a path, got ${describeValue(path)}.`);
  requirePositive(where, {maxBufferedBytes});
  return maxBufferedBytes;
}

/** Events that are dropped last. */
export function isImportant({type}: TrainingEvent): boolean {
  return type !== 'step' && type !== 'capture';
}
