import type {ProgressStream} from './progressStream.js';
import {withLabel} from './progressTexts.js';
import type {TaskBoard} from './taskBoard.js';
import {wholeLine} from './taskLines.js';
import type {TaskView} from './taskView.js';

const BETWEEN_MS = 30_000;

/** Plain lines, few enough to be read afterwards. */
export function taskLog(stream: ProgressStream, board: TaskBoard, label: string): TaskView {
  let writtenAt = performance.now();
  const print = (line: string) => {
    stream.write(`${line}\n`);
  };
  return {
    show: () => {
      const time = performance.now();
      if (time - writtenAt < BETWEEN_MS) return;
      writtenAt = time;
      print(wholeLine(board, label, time));
    },
    done: (task, text = 'done') => print(withLabel(label, `${task}: ${text}`)),
    print,
    close: (line) => {
      if (line !== '') print(line);
    },
  };
}
