import {createLogUpdate} from 'log-update';
import type {ProgressStream} from './progressStream.js';
import type {TaskBoard} from './taskBoard.js';
import {taskLines} from './taskLines.js';
import type {TaskView} from './taskView.js';

const REPAINT_MS = 100;

/** Bars at the bottom of a terminal, above them the lines that stay. */
export function taskTerminal(
  stream: ProgressStream,
  board: TaskBoard,
  label: string,
  attempt: (action: () => void) => void,
): TaskView {
  // It asks for no more than that.
  const frame = createLogUpdate(stream as NodeJS.WriteStream, {showCursor: true});
  let timer: NodeJS.Timeout | undefined;
  let paintedAt = Number.NEGATIVE_INFINITY;
  const paint = () => {
    clearTimeout(timer);
    timer = undefined;
    paintedAt = performance.now();
    // The last column stays free: some terminals wrap as soon as it is written.
    const width = (stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80) - 1;
    const lines = taskLines(board, label, paintedAt).map((line) => line.slice(0, width));
    frame(lines.join('\n'));
  };
  return {
    show: () => {
      if (timer !== undefined) return;
      const wait = REPAINT_MS - (performance.now() - paintedAt);
      if (wait <= 0) paint();
      else timer = setTimeout(() => attempt(paint), wait).unref();
    },
    done(task, text) {
      if (text === undefined) this.show();
      else this.print(`${task}: ${text}`);
    },
    print: (line) => {
      frame.persist(line);
      paint();
    },
    close: (line) => {
      clearTimeout(timer);
      frame.clear();
      if (line !== '') stream.write(`${line}\n`);
    },
  };
}
