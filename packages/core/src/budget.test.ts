import {describe, expect, test} from 'vitest';
import {budget, type BudgetOptions} from './index.js';

const at = {epoch: 0, batch: 0};

/** Steps that were due, where each takes 100 ms and a measurement this long. */
function due(share: number, costs: (count: number) => number, steps = 1000): number[] {
  const schedule = budget({share});
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    const isDue = schedule(step, at);
    if (isDue) found.push(step);
    schedule.observe!({spent: isDue ? costs(found.length) : 0, trained: 100});
  }
  return found;
}

describe('a budget', () => {
  test('is due at step 0', () => {
    expect(budget({share: 0.01})(0, at)).toBe(true);
  });

  test.each([
    [0.01, 20, 50],
    [0.1, 20, 500],
    [0.02, 100, 20],
  ])('of %d is spent, and no more: %d ms of 100 make %d measurements in 1000 steps', (share, cost, count) => {
    const {length} = due(share, () => cost);
    expect(length).toBeLessThanOrEqual(count + 1);
    expect(length).toBeGreaterThanOrEqual(count - 1);
  });

  test('lets what is cheap happen at every step', () => {
    expect(due(0.1, () => 1, 100)).toHaveLength(100);
  });

  test('makes up for a first measurement that is slow by a pause', () => {
    const [first, second] = due(0.1, (count) => (count === 1 ? 1000 : 1));
    expect(first).toBe(0);
    // 1000 ms are a tenth of a hundred steps; as much again is put by for one like that.
    expect(second).toBeGreaterThanOrEqual(99);
    expect(second).toBeLessThanOrEqual(201);
  });

  test('starts anew with each call', () => {
    const schedule = budget({share: 0.5});
    schedule.observe!({spent: 100, trained: 1});
    expect([schedule(1, at), budget({share: 0.5})(1, at)]).toEqual([false, true]);
  });

  test.each<[unknown, string]>([
    [undefined, 'options must be an object, e.g. budget({share: 0.02}), got undefined.'],
    [{part: 0.1}, "there is no option 'part'. Options: share."],
    [{share: 0}, 'share must be between 0 and 1, got 0.'],
    [{share: 2}, 'share must be between 0 and 1, got 2.'],
    [{share: NaN}, 'share must be between 0 and 1, got NaN.'],
  ])('refuses %j', (options, message) => {
    expect(() => budget(options as BudgetOptions)).toThrow(`budget: ${message}`);
  });
});
