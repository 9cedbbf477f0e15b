import type {Panel} from './panel.js';

/** The range of an axis, and what its numbers are multiples of. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** Between ticks, on linear axes. */
  readonly interval?: number;
  /** The axis shows multiples of 10 to this power. */
  readonly exponent: number;
}

/** The range that shows all of the panels: round numbers, or whole decades; undefined where there is nothing to show. */
export function valueRange(panels: readonly Panel[]): ValueRange | undefined {
  const isLog = panels.some(({scale}) => scale === 'log');
  let [low, high] = [Infinity, -Infinity];
  for (const value of valuesOf(panels)) {
    if (value === null || !Number.isFinite(value) || (isLog && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return undefined;
  return isLog ? decades(low, high) : roundRange(low, high);
}

function* valuesOf(panels: readonly Panel[]): Generator<number | null> {
  for (const {lines, bands = [], level} of panels) {
    for (const {points} of lines) for (const [, y] of points) yield y;
    for (const {points} of bands) for (const [, ...edges] of points) yield* edges;
    if (level !== undefined) yield level;
  }
}

function decades(low: number, high: number): ValueRange {
  const min = Math.floor(Math.log10(low) + 1e-9);
  const max = Math.max(Math.ceil(Math.log10(high) - 1e-9), min + 1);
  return {min: Number(`1e${min}`), max: Number(`1e${max}`), exponent: 0};
}

function roundRange(low: number, high: number): ValueRange {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const exponent = largest > 0 && (largest < 1e-3 || largest >= 1e5) ? Math.floor(Math.log10(largest)) : 0;
  const unit = 10 ** exponent;
  // A constant gets some room around it.
  const room = low === high ? Math.max(Math.abs(low) / 2, largest === 0 ? 1 : 0) : 0;
  const [from, to] = [(low - room) / unit, (high + room) / unit];
  const interval = roundInterval((to - from) / 4);
  const ticks = (value: number): number => round(value * interval);
  return {
    min: ticks(Math.floor(from / interval + 1e-9)),
    max: ticks(Math.ceil(to / interval - 1e-9)),
    interval,
    exponent,
  };
}

/** 1, 2 or 5 times a power of ten, at least as large. */
export function roundInterval(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= atLeast * (1 - 1e-9)) ?? 10;
  return round(digit * power);
}

const round = (value: number): number => Number(value.toPrecision(12));
