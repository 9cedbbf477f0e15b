import {logLine} from './logLine.js';
import type {ProgressStream} from './progressStream.js';
import {withLabel} from './progressTexts.js';
import type {View} from './view.js';

const BETWEEN_EPOCHS_MS = 1_000;
const WITHIN_EPOCH_MS = 30_000;

/** Plain lines, few enough to be read afterwards. */
export function logView(stream: ProgressStream, label: string): View {
  let writtenAt: number | undefined;
  const print = (line: string) => {
    stream.write(`${withLabel(label, line)}\n`);
  };
  return {
    show: (run, {type, time}) => {
      writtenAt ??= time - BETWEEN_EPOCHS_MS;
      const wait = type === 'epochEnd' ? BETWEEN_EPOCHS_MS : WITHIN_EPOCH_MS;
      if (Math.abs(time - writtenAt) < wait) return;
      writtenAt = time;
      print(logLine(run));
    },
    print,
    end: (line, time) => {
      writtenAt = time;
      print(line);
    },
    close: () => {},
  };
}
