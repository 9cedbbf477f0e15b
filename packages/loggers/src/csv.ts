import {basename} from 'node:path';
import {describeValue, requireOptions} from '@gradwire/core';
import type {TrainingEvent} from '@gradwire/trainer';
import {stringify} from 'csv-stringify/sync';
import type {BoundedWriter} from './boundedWriter.js';
import {csvFile, type CsvFiles} from './csvFile.js';
import {EpochTable, StepTable} from './csvTables.js';
import {
  type FileLogger,
  fileLogger,
  type FileLoggerOptions,
  isImportant,
  requireFileLogger,
} from './fileLogger.js';

/** What becomes a row, and how much may wait. */
export interface CsvOptions extends FileLoggerOptions {
  /** A row per epoch or per batch; default `'epoch'`. */
  readonly rows?: 'epoch' | 'step';
}

/**
 * Writes a table of a training: a row per epoch with its logs, as the CSVLogger of Keras does, or a row per step.
 *
 * Columns of epochs: `epoch` (from 0), the logs by their Keras names (`loss`, `acc`, `val_loss`, …), `learning_rate` of the last step,
 * `duration_s`. Columns of steps: `step`, `epoch`, `batch` (from 0), `size`, `loss` (empty where it was not read), `learning_rate`,
 * `duration_ms`. Quoted where needed as RFC 4180 has it; lines end with `\n`; values that are not finite are `NaN`,
 * `Infinity`, `-Infinity`.
 *
 * A file that is there is appended to if its header fits. Otherwise the rows go beside it, into `run-2.csv`, and an `alert` of
 * the rule `loggerOtherFile` says so. Training never waits for the disk; what is dropped is told as by {@link jsonl}.
 *
 * @param file path; the folder is made if there is none.
 * @param options what becomes a row, and how much may wait.
 * @returns a consumer; `flushed()` waits for the disk.
 * @throws TypeError if `file` is not a path, or there is no such option.
 * @throws RangeError if `rows` or `maxBufferedBytes` is none of the above.
 * @example
 * ```ts
 * import {readFileSync} from 'node:fs';
 * import * as tf from '@tensorflow/tfjs';
 * import {csv} from '@gradwire/loggers';
 * import {fitEvents} from '@gradwire/trainer';
 * import {lastValueFrom} from 'rxjs';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
 *
 * const table = csv('run.csv');
 * const events$ = fitEvents(model, tf.ones([8, 2]), tf.ones([8, 1]), {epochs: 2});
 * table(events$);
 * await lastValueFrom(events$);
 * await table.flushed();
 * console.log(readFileSync('run.csv', 'utf8').split('\n')[0]); // epoch,loss,learning_rate,duration_s
 * ```
 * @see RFC 4180.
 */
export function csv(file: string, options: CsvOptions = {}): FileLogger {
  requireOptions('csv', options, {rows: "'epoch'", maxBufferedBytes: 2 ** 24}, 'file, ');
  const {rows = 'epoch'} = options;
  const maxBytes = requireFileLogger('csv', 'file', file, options.maxBufferedBytes);
  if (rows !== 'epoch' && rows !== 'step')
    throw new RangeError(`csv: rows must be 'epoch' or 'step', got ${describeValue(rows)}.`);

  const name = `csv ${basename(file)}`;
  return fileLogger(name, maxBytes, ({open, tell}) => {
    const files: CsvFiles = new Map();
    const writers = new Map<string, BoundedWriter>();
    const table = rows === 'epoch' ? new EpochTable() : new StepTable();
    const toldOf = (path: string) => {
      const message = `${name}: it has other columns; this run is written to ${basename(path)}.`;
      tell({rule: 'loggerOtherFile', severity: 'info', message});
    };
    const writerFor = (header: string) => {
      const writer = writers.get(header) ?? open(csvFile(file, header, files, toldOf));
      writers.set(header, writer);
      return writer;
    };
    return (event: TrainingEvent) => {
      const row = table.row(event);
      if (row === undefined) return;
      const line = stringify([row.map(String)]);
      writerFor(stringify([table.columns])).push(Buffer.from(line), isImportant(event));
    };
  });
}
