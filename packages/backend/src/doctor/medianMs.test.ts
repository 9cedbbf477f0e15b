import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {medianMs} from './medianMs.js';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['performance']});
});

afterEach(() => {
  vi.useRealTimers();
});

/** Takes one time after the other, the last one again and again. */
function takes(...times: number[]) {
  return vi.fn<() => Promise<void>>(async () => {
    vi.advanceTimersByTime(times.length > 1 ? times.shift()! : times[0]!);
  });
}

it('does not count the first thirty runs, and takes the median of those in a second', async () => {
  const run = takes(...Array<number>(30).fill(1), 300, 100, 250, 350);
  expect(await medianMs(run)).toBe(275);
  expect(run).toHaveBeenCalledTimes(34);
});

it('warms up for half a second at most', async () => {
  const run = takes(250, 250, 300, 500, 600);
  expect(await medianMs(run)).toBe(500);
  expect(run).toHaveBeenCalledTimes(5);
});

it('warms up and measures once what takes more than a second', async () => {
  const run = takes(5000, 3000);
  expect(await medianMs(run)).toBe(3000);
  expect(run).toHaveBeenCalledTimes(2);
});
