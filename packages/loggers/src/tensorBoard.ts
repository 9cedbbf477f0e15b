import {randomInt} from 'node:crypto';
import {hostname} from 'node:os';
import {basename, join} from 'node:path';
import {requireOptions} from '@gradwire/core';
import {appendToFile} from './appendToFile.js';
import type {BoundedWriter} from './boundedWriter.js';
import {
  type FileLogger,
  fileLogger,
  type FileLoggerOptions,
  isImportant,
  requireFileLogger,
} from './fileLogger.js';
import {fileVersion} from './tensorBoardEvent.js';
import {TensorBoardRecords} from './tensorBoardRecords.js';
import {tfRecord} from './tfRecord.js';

/**
 * Writes event files for TensorBoard, on any backend: `tensorboard --logdir runs`.
 *
 * The names are those of Keras, in two runs below `directory`, so that training and validation share their charts:
 *
 * | run          | tag                           | step  | of                                              |
 * | ------------ | ----------------------------- | ----- | ----------------------------------------------- |
 * | `train`      | `epoch_loss`, `epoch_acc`, …  | epoch | the logs of `epochEnd`                          |
 * | `validation` | `epoch_loss`, `epoch_acc`, …  | epoch | its `val_loss`, `val_acc`, …                    |
 * | `train`      | `epoch_learning_rate`         | epoch | the last step of the epoch                      |
 * | `train`      | `batch_loss`                  | step  | steps whose loss was read                       |
 * | `train`      | `gradientStats/dense/kernel/std` | step | each value of a capture: capture, subject, name |
 * | `train`      | `histograms/weights/dense/kernel` | step | captures with `counts` and `edges`, as histograms |
 * | `train`      | `alerts`                      | step  | alerts, as texts                                |
 *
 * Scalars are written as float32. Other arrays of captures are left out. Every logger begins files of its own; a run that goes on at a
 * later step voids what the directory has at that step and after. Training never waits for the disk; what is dropped is told as
 * by {@link jsonl}.
 *
 * @param directory of the training, e.g. `runs/2026-11-22`; it is made if there is none.
 * @param options how much may wait, in each of the two files.
 * @returns a consumer; `flushed()` waits for the disk.
 * @throws TypeError if `directory` is not a path.
 * @throws RangeError if `maxBufferedBytes` is not > 0.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {histograms} from '@gradwire/capture';
 * import {everyEpoch} from '@gradwire/core';
 * import {tensorBoard} from '@gradwire/loggers';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const board = tensorBoard('runs/first');
 * const trainer = createTrainer({
 *   model: tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]}),
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: [histograms({of: 'weights', when: everyEpoch()})],
 *   consumers: [board],
 * });
 * await trainer.fit({x: tf.ones([64, 2]), y: tf.ones([64, 1])}, {epochs: 5, validationSplit: 0.25});
 * await board.flushed();
 * ```
 * @see `tf.keras.callbacks.TensorBoard`, and https://github.com/tensorflow/tensorboard.
 */
export function tensorBoard(directory: string, options: FileLoggerOptions = {}): FileLogger {
  requireOptions('tensorBoard', options, {maxBufferedBytes: 2 ** 24}, 'directory, ');
  const maxBytes = requireFileLogger('tensorBoard', 'directory', directory, options.maxBufferedBytes);
  return fileLogger(`tensorBoard ${basename(directory)}`, maxBytes, ({open}) => {
    const writers = new Map<string, BoundedWriter>();
    const writerOf = (run: string, seconds: number): BoundedWriter => {
      const file = join(directory, run, fileName(seconds));
      const heading = tfRecord(fileVersion(seconds));
      const writer = writers.get(run) ?? open(appendToFile(file, {heading}));
      writers.set(run, writer);
      return writer;
    };
    const records = new TensorBoardRecords();
    return (event) => {
      for (const [run, data] of records.of(event))
        writerOf(run, event.time / 1000).push(tfRecord(data), isImportant(event));
    };
  });
}

/** As TensorFlow names them: TensorBoard reads the files of a folder in the order of their names. */
function fileName(seconds: number): string {
  const time = String(Math.floor(seconds)).padStart(10, '0');
  return `events.out.tfevents.${time}.${hostname()}.${process.pid}.${randomInt(2 ** 31)}`;
}
