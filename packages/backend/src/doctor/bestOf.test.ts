import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {bestOf} from './bestOf.js';

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

it('does not count the first run, and takes the best of ten', async () => {
  const run = takes(1, 30, 20, 40);
  expect(await bestOf(run)).toBe(20);
  expect(run).toHaveBeenCalledTimes(11);
});

it('stops after a second, but not without a run', async () => {
  const run = takes(900);
  expect(await bestOf(run)).toBe(900);
  expect(run).toHaveBeenCalledTimes(3);
});

it('is content with one run that takes more than a second', async () => {
  const run = takes(3000);
  expect(await bestOf(run)).toBe(3000);
  expect(run).toHaveBeenCalledTimes(1);
});
