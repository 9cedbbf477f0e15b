import type {LearningRateSchedule} from '@gradwire/core';
import {describe, expect, it, vi} from 'vitest';
import {range, ratesAt} from '../../fixtures/rates.js';
import {joinSchedules, linearWarmup, reduceOnPlateau, stepDecay} from '../index.js';

const at = {epoch: 3, batch: 5};

describe('joinSchedules', () => {
  it('counts the steps of each from its own beginning, and tells it where the training is', () => {
    const parts = [1, 2, 3].map((rate) => vi.fn<LearningRateSchedule>(() => rate));
    const schedule = joinSchedules(parts, [10, 15]);
    expect([9, 10, 14, 15, 99].map((step) => schedule(step, at))).toEqual([1, 2, 2, 3, 3]);
    expect(parts.map(({mock}) => mock.calls)).toEqual([
      [[9, at]],
      [
        [0, at],
        [4, at],
      ],
      [
        [0, at],
        [84, at],
      ],
    ]);
  });

  it('does not mind what becomes of the lists that it was given', () => {
    const [schedules, boundaries] = [[() => 1, () => 2], [5]];
    const schedule = joinSchedules(schedules, boundaries);
    schedules.length = 0;
    boundaries.length = 0;
    expect(ratesAt(schedule, [4, 5])).toEqual([1, 2]);
  });

  it('hands logs on to those who listen, once to each', () => {
    const listening = Object.assign(() => 1, {observe: vi.fn<(logs: object) => void>()});
    const schedule = joinSchedules([listening, () => 2, listening], [1, 2]);
    schedule.observe!({loss: 3});
    expect(listening.observe.mock.calls).toEqual([[{loss: 3}]]);
  });

  it('does not listen where none does', () => {
    expect(joinSchedules([() => 1], []).observe).toBeUndefined();
  });
});

describe('linearWarmup', () => {
  it('grows to the first rate of the schedule, which begins then', () => {
    const schedule = linearWarmup({steps: 4}, stepDecay({rate: 8, factor: 0.5, every: 2}));
    expect(ratesAt(schedule, range(9))).toEqual([0, 2, 4, 6, 8, 8, 4, 4, 2]);
  });

  it('begins at a rate of one’s own', () => {
    expect(
      ratesAt(
        linearWarmup({steps: 2, rate: 3}, () => 1),
        range(4),
      ),
    ).toEqual([3, 2, 1, 1]);
  });

  it('of no steps is none', () => {
    expect(
      ratesAt(
        linearWarmup({steps: 0}, (step) => step),
        range(3),
      ),
    ).toEqual([0, 1, 2]);
  });

  it('hands logs on', () => {
    const plateau = reduceOnPlateau({rate: 4, factor: 0.5, patience: 0, metric: 'loss'});
    const schedule = linearWarmup({steps: 2}, plateau);
    expect(ratesAt(schedule, range(4))).toEqual([0, 2, 4, 4]);
    for (let epoch = 0; epoch < 2; epoch++) schedule.observe!({loss: 1});
    expect(ratesAt(schedule, range(4))).toEqual([0, 1, 2, 2]);
  });
});
