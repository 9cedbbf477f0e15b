import {drawBar} from './drawBar.js';
import {formatDuration, oneLine} from './format.js';
import type {TaskBoard} from './taskBoard.js';

const BAR = 12;
const LONGEST_NAME = 32;

/** Of each running task a line, below them one of the whole; of a single task one line in all. */
export function taskLines(board: TaskBoard, label: string, time: number): string[] {
  const names = [...board.running.keys()].map((name) => oneLine(name).slice(0, LONGEST_NAME));
  const width = Math.max(0, ...names.map(({length}) => length));
  const lines = [...board.running.values()].map(({fraction, text}, i) =>
    joined(names[i]?.padEnd(width), drawBar(fraction, BAR), percent(fraction).padStart(4), oneLine(text)),
  );
  if (board.total === 1 && lines[0] !== undefined) return [joined(label, lines[0], timeLeftOf(board, time))];
  const bar = drawBar(board.fraction(), BAR);
  return [...lines, joined(label, `${board.done}/${board.total} done`, bar, timeLeftOf(board, time))];
}

/** The whole as a line of a log: `12/45 done, 31%, ETA 34:10`. */
export function wholeLine(board: TaskBoard, label: string, time: number): string {
  const single = board.total === 1 ? [...board.running] : [];
  const what = single.map(([name, {text}]) => oneLine(joined(name, text)));
  const count = board.total === 1 ? [] : [`${board.done}/${board.total} done`];
  const facts = [...what, ...count, percent(board.fraction()), timeLeftOf(board, time)];
  return joined(label, facts.filter((fact) => fact !== '').join(', '));
}

function timeLeftOf(board: TaskBoard, time: number): string {
  const timeLeft = board.timeLeft(time);
  return timeLeft === undefined ? '' : `ETA ${formatDuration(1000 * Math.round(timeLeft / 1000))}`;
}

function percent(fraction: number): string {
  return `${Math.floor(100 * fraction)}%`;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
