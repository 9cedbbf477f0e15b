import {barLine} from './barLine.js';
import type {ProgressStream} from './progressStream.js';
import {withLabel} from './progressTexts.js';
import type {View} from './view.js';

const REPAINT_MS = 100;

/**
 * Without wrapping for this one line: a letter twice as wide as counted would break it, and what is broken cannot be
 * repainted. Switched back in the same write, so that no signal can come between.
 */
const painted = (line: string) => `\r\x1b[?7l${line}\x1b[K\x1b[?7h`;

/**
 * A bar at the bottom of a terminal, above it the lines that stay.
 *
 * The cursor stays visible behind the bar and nothing else is switched: whatever ends the process leaves a whole terminal.
 */
export function terminalView(stream: ProgressStream, label: string): View {
  let bar: string | undefined;
  let paintedAt = Number.NEGATIVE_INFINITY;
  const above = (line: string) => `\r\x1b[K${withLabel(label, line)}\n`;
  return {
    show: (run, {time}) => {
      if (bar !== undefined && Math.abs(time - paintedAt) < REPAINT_MS) return;
      paintedAt = time;
      // The last column stays free: some terminals wrap as soon as it is written.
      const columns = stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
      bar = barLine(run, label, columns - 1);
      stream.write(painted(bar));
    },
    print: (line) => {
      stream.write(above(line) + (bar === undefined ? '' : painted(bar)));
    },
    end: (line) => {
      bar = undefined;
      stream.write(above(line));
    },
    close: () => {
      if (bar !== undefined) stream.write('\n');
      bar = undefined;
    },
  };
}
