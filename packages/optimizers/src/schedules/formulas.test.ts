import type {LearningRateSchedule} from '@gradwire/core';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {range, ratesAt} from '../../fixtures/rates.js';
import {
  constantSchedule,
  cosineDecay,
  cosineRestarts,
  cyclic,
  exponentialDecay,
  inverseSquareRoot,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  stepDecay,
} from '../index.js';

/** Rates to 12 digits: sums and products of decimals are not exact. */
function about(rates: readonly number[]): unknown[] {
  return rates.map((rate) => expect.closeTo(rate, 12));
}

describe('by hand:', () => {
  it.each<[string, LearningRateSchedule, steps: number[], rates: number[]]>([
    ['constantSchedule', constantSchedule({rate: 0.3}), [0, 7, 1e9], [0.3, 0.3, 0.3]],
    ['stepDecay', stepDecay({rate: 8, factor: 0.5, every: 10}), [0, 9, 10, 19, 20, 31], [8, 8, 4, 4, 2, 1]],
    ['stepDecay by default', stepDecay({rate: 1, every: 5}), [4, 5, 10], [1, 0.1, 0.01]],
    [
      'exponentialDecay of the fourth seed',
      exponentialDecay({rate: 0.1, factor: 1 / 10, every: 10_000}),
      [0, 5000, 10_000, 20_000],
      [0.1, 0.1 / Math.sqrt(10), 0.01, 0.001],
    ],
    ['exponentialDecay by default', exponentialDecay({rate: 2, every: 10}), [0, 10, 20], [2, 0.2, 0.02]],
    [
      'polynomialDecay by default',
      polynomialDecay({rate: 1, steps: 4}),
      range(6),
      [1, 0.75, 0.5, 0.25, 0, 0],
    ],
    [
      'polynomialDecay with power 2',
      polynomialDecay({rate: 5, end: 1, steps: 4, power: 2}),
      range(6),
      [5, 3.25, 2, 1.25, 1, 1],
    ],
    ['polynomialDecay upwards', polynomialDecay({rate: 0, end: 1, steps: 2}), [0, 1, 2, 3], [0, 0.5, 1, 1]],
    [
      'cosineDecay',
      cosineDecay({rate: 3, end: 1, steps: 6}),
      [0, 1, 2, 3, 4, 6, 7],
      [3, 2 + Math.sqrt(3) / 2, 2.5, 2, 1.5, 1, 1],
    ],
    ['cosineRestarts', cosineRestarts({rate: 1, period: 4}), [0, 2, 4, 6, 8], [1, 0.5, 1, 0.5, 1]],
    [
      'cosineRestarts with longer and lower periods',
      cosineRestarts({rate: 9, end: 1, period: 2, periodFactor: 3, factor: 0.5}),
      [0, 1, 2, 5, 8, 17],
      [9, 5, 5, 3, 3, 2],
    ],
    [
      'oneCycle',
      oneCycle({peak: 3, steps: 11, warmup: 5, rate: 1, end: 0}),
      [0, 2, 4, 7, 10, 11],
      [1, 2, 3, 1.5, 0, 0],
    ],
    ['oneCycle by default', oneCycle({peak: 25, steps: 10}), [0, 2, 9, 99], [1, 25, 1e-4, 1e-4]],
    ['oneCycle that only goes up', oneCycle({peak: 5, steps: 5, warmup: 5, rate: 1}), [0, 4], [1, 5]],
    ['oneCycle that only goes down', oneCycle({peak: 5, steps: 5, warmup: 1, end: 1}), [0, 2, 4], [5, 3, 1]],
    ['cyclic', cyclic({rate: 1, peak: 3, up: 2}), range(7), [1, 2, 3, 2, 1, 2, 3]],
    ['cyclic, slowly down', cyclic({rate: 0, peak: 4, up: 1, down: 4}), range(7), [0, 4, 3, 2, 1, 0, 4]],
    ['cyclic with lower peaks', cyclic({rate: 1, peak: 9, up: 1, factor: 0.5}), [1, 3, 5], [9, 5, 3]],
    [
      'cyclic that decays by step',
      cyclic({rate: 0, peak: 8, up: 1, factor: 0.5, per: 'step'}),
      [0, 1, 2, 3],
      [0, 4, 0, 1],
    ],
    ['inverseSquareRoot', inverseSquareRoot({peak: 6, warmup: 4}), [0, 1, 3, 8, 15], [1.5, 3, 6, 4, 3]],
    [
      'piecewiseConstant',
      piecewiseConstant({rates: [3, 2, 1], boundaries: [2, 4]}),
      range(6),
      [3, 3, 2, 2, 1, 1],
    ],
    ['piecewiseConstant of one piece', piecewiseConstant({rates: [3], boundaries: []}), [0, 9], [3, 3]],
  ])('%s', (_, schedule, steps, rates) => {
    expect(ratesAt(schedule, steps)).toEqual(about(rates));
  });
});

describe('whatever the options,', () => {
  const rate = fc.double({min: 0, max: 10, noNaN: true});
  const count = fc.integer({min: 1, max: 300});
  const step = fc.integer({min: 0, max: 1000});

  it('schedules with an end begin at rate and stay at end exactly', () => {
    fc.assert(
      fc.property(rate, rate, count, step, (from, end, steps, later) => {
        for (const make of [cosineDecay, polynomialDecay]) {
          const schedule = make({rate: from, end, steps});
          expect(schedule(0)).toBeCloseTo(from, 12);
          expect(schedule(steps + later)).toBe(end);
        }
      }),
    );
  });

  it('oneCycle goes from rate over peak to end', () => {
    fc.assert(
      fc.property(rate, rate, rate, fc.integer({min: 3, max: 300}), step, (peak, from, end, steps, later) => {
        const warmup = Math.ceil(steps / 2);
        const schedule = oneCycle({peak, rate: from, end, steps, warmup});
        expect([0, warmup - 1, steps - 1, steps + later].map(schedule)).toEqual([from, peak, end, end]);
      }),
    );
  });

  it('cosineRestarts begins a period at rate', () => {
    fc.assert(
      fc.property(rate, rate, count, fc.integer({min: 1, max: 4}), (from, end, period, periodFactor) => {
        const schedule = cosineRestarts({rate: from, end, period, periodFactor});
        for (const periods of [0, 1, 2, 3]) {
          const begin = range(periods).reduce((sum, i) => sum + period * periodFactor ** i, 0);
          expect(schedule(begin)).toBeCloseTo(from, 12);
        }
      }),
    );
  });

  it('cyclic repeats itself, and stays between its ends', () => {
    fc.assert(
      fc.property(rate, rate, count, count, step, (low, high, up, down, at) => {
        const schedule = cyclic({rate: low, peak: high, up, down});
        expect(schedule(at + up + down)).toBe(schedule(at));
        expect(schedule(at)).toBeGreaterThanOrEqual(Math.min(low, high) - 1e-12);
        expect(schedule(at)).toBeLessThanOrEqual(Math.max(low, high) + 1e-12);
      }),
    );
  });
});
