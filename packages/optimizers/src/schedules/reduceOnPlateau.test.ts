import {describe, expect, it} from 'vitest';
import {reduceOnPlateau, type ReduceOnPlateauOptions} from '../index.js';

/** The rates after each of these values of the loss. */
function after(losses: readonly number[], options: Partial<ReduceOnPlateauOptions>): number[] {
  const schedule = reduceOnPlateau({rate: 1, factor: 0.5, patience: 1, metric: 'loss', ...options});
  return losses.map((loss) => {
    schedule.observe({loss, acc: 0});
    return schedule();
  });
}

describe('reduceOnPlateau', () => {
  it('has its rate before it is told anything, at any step', () => {
    const schedule = reduceOnPlateau({rate: 0.3});
    expect([schedule(), schedule(0), schedule(1e6)]).toEqual([0.3, 0.3, 0.3]);
  });

  it('drops when more epochs than patience bring nothing', () => {
    expect(after([5, 5, 5, 5, 5], {})).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  it('forgives what was followed by an improvement', () => {
    expect(after([5, 6, 4, 6, 3, 6], {})).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('takes a change within the threshold for none', () => {
    const losses = [10, 9.5, 9.05, 8.9];
    expect(after(losses, {patience: 0, threshold: 0.1})).toEqual([1, 0.5, 0.25, 0.25]);
    expect(after(losses, {patience: 0, threshold: 0.6, thresholdMode: 'absolute'})).toEqual([
      1, 0.5, 0.5, 0.25,
    ]);
  });

  it('looks for large values with mode max', () => {
    expect(after([1, 2, 3, 3, 3], {mode: 'max'})).toEqual([1, 1, 1, 1, 0.5]);
  });

  it('rests after a drop', () => {
    expect(after([5, 5, 5, 5, 5, 5], {patience: 0, cooldown: 2})).toEqual([1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  it('does not go below its end', () => {
    expect(after([5, 5, 5, 5], {patience: 0, end: 0.4})).toEqual([1, 0.5, 0.4, 0.4]);
  });

  it('does not go up to an end above its rate', () => {
    expect(after([5, 5, 5], {patience: 0, end: 4})).toEqual([1, 1, 1]);
  });

  it('takes NaN for no improvement', () => {
    expect(after([NaN, NaN, 5, NaN, NaN], {})).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
  });

  it.each<[ReduceOnPlateauOptions, Record<string, number>, string]>([
    [
      {rate: 1},
      {loss: 1, acc: 0},
      "there is no 'val_loss' in the logs, only loss, acc. Set the option metric, or train with validation data.",
    ],
    [{rate: 1, metric: 'f1'}, {}, "there is no 'f1' in the logs, only nothing. Set the option metric."],
  ])('of %o says what logs %o lack', (options, logs, message) => {
    expect(() => reduceOnPlateau(options).observe(logs)).toThrow(new Error(`reduceOnPlateau: ${message}`));
  });
});
