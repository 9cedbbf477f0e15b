const WARM_UP_RUNS = 30;
const WARM_UP_MS = 500;
const BUDGET_MS = 1000;

/**
 * Median milliseconds of as many runs as fit in one second, at least one. Before them, as engines compile what runs often,
 * half a second or thirty runs that are not counted, whichever comes first, at least one.
 */
export async function medianMs(run: () => Promise<unknown>): Promise<number> {
  await timesOf(run, WARM_UP_MS, WARM_UP_RUNS);
  const times = await timesOf(run, BUDGET_MS, Infinity);
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  return times.length % 2 === 1 ? times[middle]! : (times[middle - 1]! + times[middle]!) / 2;
}

async function timesOf(run: () => Promise<unknown>, budgetMs: number, most: number): Promise<number[]> {
  const times: number[] = [];
  const first = performance.now();
  for (let start = first, end = first; times.length < most && end - first < budgetMs; start = end) {
    await run();
    end = performance.now();
    times.push(end - start);
  }
  return times;
}
