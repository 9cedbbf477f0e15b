import {requireInteger, requireOptions} from '@gradwire/core';
import {enduringStream} from './enduringStream.js';
import {formatDuration, oneLine} from './format.js';
import type {ProgressStream} from './progressStream.js';
import {withLabel} from './progressTexts.js';
import {requireStream} from './requireStream.js';
import {TaskBoard} from './taskBoard.js';
import {taskLog} from './taskLog.js';
import {taskTerminal} from './taskTerminal.js';
import {untilItThrows} from './untilItThrows.js';

/** How many tasks there are, and where they are shown. */
export interface TaskProgressOptions {
  /** Number of tasks, those included that are done already; a whole number >= 0. */
  readonly total: number;
  /** Default `process.stderr`, so that stdout stays free for results. */
  readonly stream?: ProgressStream;
  /** Put in front of what is said of the whole; default nothing. */
  readonly label?: string;
}

/** How far a task is. */
export interface TaskState {
  /** From 0 to 1. */
  readonly fraction: number;
  /** Shown behind the bar, e.g. `epoch 3/10 loss 0.482`. */
  readonly text?: string;
}

/** Told of tasks by their names; nothing in it throws, and after `close` nothing does anything. */
export interface TaskProgress {
  /** A task has begun, or come further. */
  update(task: string, state: TaskState): void;
  /** A task is done. With a text, e.g. its result, a line of it stays on a terminal too. */
  done(task: string, text?: string): void;
  /** Puts a line that stays, above the bars. */
  print(line: string): void;
  /** Takes the bars away, says how many of several tasks are done, and leaves the stream. */
  close(): void;
}

/**
 * Shows how several things come along that go on at the same time: the cells of a grid, downloads.
 *
 * On a terminal there is a line for each running task, cut to the width, and below them one for the whole, repainted at most ten times
 * a second. Into a file or a pipe go plain lines: one when a task is done, and every 30 s one for the whole.
 *
 * The time left is that of all tasks, at the pace since the first `update`:
 *
 *     ETA = time · (total − Σ fractions) / (Σ fractions − Σ fractions that tasks began with)
 *
 * A task that was never updated before it was done counts as done earlier, not for the pace; so does the fraction that a task
 * begins with. The cursor is never hidden, no timer keeps the process open, and a stream that is lost ends nothing.
 *
 * @param options number of tasks, stream, label.
 * @returns what is to be told of the tasks.
 * @throws RangeError if `total` is not a whole number >= 0.
 * @throws TypeError if `stream` has no `write`, or there is no such option.
 * @example
 * ```ts
 * import {taskProgress} from '@gradwire/loggers';
 *
 * const progress = taskProgress({total: 2, label: 'grid'});
 * progress.update('sgd', {fraction: 0.5, text: 'epoch 5/10'});
 * progress.update('adam', {fraction: 0.1, text: 'epoch 1/10'});
 * progress.done('sgd', 'accuracy 0.91');
 * progress.done('adam', 'accuracy 0.94');
 * progress.close();
 * ```
 */
export function taskProgress(options: TaskProgressOptions): TaskProgress {
  requireOptions('taskProgress', options, {total: 45, stream: 'process.stderr', label: "'grid'"});
  const {total, stream = process.stderr, label = ''} = options;
  requireInteger('taskProgress', {total}, 0);
  requireStream('taskProgress', stream);

  const board = new TaskBoard(total);
  const name = oneLine(label);
  const attempt = untilItThrows();
  const enduring = enduringStream(stream);
  const view =
    enduring.isTTY === true ? taskTerminal(enduring, board, name, attempt) : taskLog(enduring, board, name);
  const begunAt = performance.now();
  let isOpen = true;
  const whileOpen = (action: () => void) => {
    if (isOpen) attempt(action);
  };
  return {
    update: (task, {fraction, text = ''}) =>
      whileOpen(() => {
        board.update(task, fraction, text, performance.now());
        view.show();
      }),
    done: (task, text) =>
      whileOpen(() => {
        if (board.finish(task)) view.done(oneLine(task), text === undefined ? undefined : oneLine(text));
      }),
    print: (line) => whileOpen(() => view.print(line)),
    close: () => {
      if (!isOpen) return;
      const time = formatDuration(performance.now() - begunAt);
      attempt(() => view.close(total === 1 ? '' : withLabel(name, `${board.done}/${total} done in ${time}`)));
      isOpen = false;
    },
  };
}
