import type {LearningRateSchedule} from '@gradwire/core';
import {toBeAllclose} from '@gradwire/testing';
import {describe, expect, it} from 'vitest';
import {range, ratesAt} from '../../fixtures/rates.js';
import fixture from '../../fixtures/schedules.json' with {type: 'json'};
import * as optimizers from '../index.js';

expect.extend({toBeAllclose});

type Factory = (options: unknown) => LearningRateSchedule;

function make({factory, options}: {factory: string; options: unknown}): LearningRateSchedule {
  return (optimizers as unknown as Record<string, Factory>)[factory]!(options);
}

describe('the rates are those of PyTorch', () => {
  it.each(fixture.schedules)('$factory $options', (given) => {
    const {rates} = given;
    expect(rates.length).toBeGreaterThanOrEqual(100);
    expect(ratesAt(make(given), range(rates.length))).toBeAllclose(rates, {rtol: 1e-9, atol: 1e-12});
  });

  it('in whatever order they are asked for', () => {
    for (const given of fixture.schedules) {
      const steps = range(given.rates.length).toSorted((a, b) => ((a * 37) % 101) - ((b * 37) % 101));
      const rates = ratesAt(make(given), steps);
      expect(rates, given.factory).toBeAllclose(
        steps.map((step) => given.rates[step]!),
        {
          rtol: 1e-9,
          atol: 1e-12,
        },
      );
    }
  });

  it('joinSchedules, as SequentialLR', () => {
    const {parts, boundaries, rates} = fixture.joined;
    const schedule = optimizers.joinSchedules(parts.map(make), boundaries);
    expect(ratesAt(schedule, range(rates.length))).toBeAllclose(rates, {rtol: 1e-9, atol: 1e-12});
  });

  it.each(fixture.plateaus.cases)('reduceOnPlateau $series $options', ({series, options, rates}) => {
    const schedule = optimizers.reduceOnPlateau(options as optimizers.ReduceOnPlateauOptions);
    const seen = fixture.plateaus.series[series as 'falling' | 'rising'].map((value) => {
      schedule.observe({val_loss: value ?? Number.NaN});
      return schedule();
    });
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(seen).toBeAllclose(rates, {rtol: 1e-9, atol: 1e-12});
  });
});
