import {basename} from 'node:path';
import {formatEvent, requireOptions} from '@gradwire/core';
import {appendToFile} from './appendToFile.js';
import {
  type FileLogger,
  fileLogger,
  type FileLoggerOptions,
  isImportant,
  requireFileLogger,
} from './fileLogger.js';

/**
 * Writes all events of a training, each as one line of JSON as `formatEvent` has it.
 *
 * The file is only ever appended to, whole lines at a time, so that it can be read while it is written, and a process that is killed
 * leaves at most its last line torn; whoever appends next begins a new line after it. {@link readEvents} reads it back.
 * Training never waits for the disk: what that is too slow for, or rejects, waits in a bounded buffer, then is dropped, and an
 * `alert` of the rule `loggerDropped` says so.
 *
 * @param file path; the folder is made if there is none.
 * @param options how much may wait.
 * @returns a consumer; `flushed()` waits for the disk. Several trainings may share one: their events differ by `run`.
 * @throws TypeError if `file` is not a path.
 * @throws RangeError if `maxBufferedBytes` is not > 0.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {jsonl, readEvents} from '@gradwire/loggers';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const log = jsonl('run.jsonl');
 * const trainer = createTrainer({
 *   model: tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]}),
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   consumers: [log],
 * });
 * await trainer.fit({x: tf.ones([64, 2]), y: tf.ones([64, 1])}, {epochs: 5});
 * await log.flushed();
 * for await (const event of readEvents('run.jsonl')) console.log(event.type);
 * ```
 */
export function jsonl(file: string, options: FileLoggerOptions = {}): FileLogger {
  requireOptions('jsonl', options, {maxBufferedBytes: 2 ** 24}, 'file, ');
  const maxBytes = requireFileLogger('jsonl', 'file', file, options.maxBufferedBytes);
  return fileLogger(`jsonl ${basename(file)}`, maxBytes, ({open}) => {
    const writer = open(appendToFile(file, {mendsLine: true}));
    return (event) => writer.push(Buffer.from(`${formatEvent(event)}\n`), isImportant(event));
  });
}
