import {describe, expect, it} from 'vitest';
import {steepestDescent} from './steepestDescent.js';

const range = Array.from({length: 100}, (_, i) => i);

describe('steepestDescent', () => {
  it('is the middle of the steepest part', () => {
    const curve = range.map((i) => -Math.tanh((i - 60) / 8));
    expect(Math.abs(steepestDescent(curve, 99, 100)! - 60)).toBeLessThanOrEqual(1);
  });

  it('is found among noise', () => {
    const curve = range.map((i) => -3 * Math.tanh((i - 60) / 8) + 0.5 * Math.sin(i * i));
    expect(Math.abs(steepestDescent(curve, 99, 100)! - 60)).toBeLessThan(8);
  });

  it('is none of noise alone', () => {
    expect(
      steepestDescent(
        range.map((i) => Math.sin(i * i)),
        99,
        100,
      ),
    ).toBeUndefined();
  });

  it.each([
    ['rises', range],
    ['is flat', range.map(() => 1)],
    ['has one entry', [1]],
    ['has none', []],
  ])('is none where the curve %s', (_, curve) => {
    expect(steepestDescent(curve, curve.length - 1, 100)).toBeUndefined();
  });

  it('looks no further than it is told', () => {
    const curve = range.map((i) => -Math.tanh((i - 20) / 8) - 5 * Math.tanh((i - 80) / 8));
    expect(Math.abs(steepestDescent(curve, 99, 100)! - 80)).toBeLessThanOrEqual(1);
    expect(Math.abs(steepestDescent(curve, 40, 100)! - 20)).toBeLessThanOrEqual(1);
  });
});
