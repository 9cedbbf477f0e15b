import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Point, thin} from './thin.js';

const curve = (values: readonly (number | null)[]): Point[] => values.map((value, i) => [i, value]);

describe('thin', () => {
  it('leaves short curves as they are', () => {
    const points = curve([1, 2, 3]);
    expect(thin(points, 3)).toBe(points);
  });

  it('keeps the only spike of a long curve', () => {
    const points = curve(Array.from({length: 50_000}, (_, i) => (i === 31_415 ? 1e6 : 0)));
    expect(thin(points, 1500)).toContainEqual([31_415, 1e6]);
  });

  it('keeps a gap', () => {
    const points = curve(Array.from({length: 5000}, (_, i) => (i === 1234 ? null : i)));
    expect(thin(points, 100)).toContainEqual([1234, null]);
  });

  it('keeps lowest, highest, first and last, in order, and few', () => {
    fc.assert(
      fc.property(fc.array(fc.double({noNaN: true}), {minLength: 30, maxLength: 2000}), (values) => {
        const kept = thin(curve(values), 30);
        const ys = kept.map(([, y]) => y);
        expect(kept.length).toBeLessThanOrEqual(31);
        expect(ys).toEqual(expect.arrayContaining([Math.min(...values), Math.max(...values)]));
        expect([kept[0]?.[0], kept.at(-1)?.[0]]).toEqual([0, values.length - 1]);
        expect(kept.every(([x], i) => i === 0 || x > kept[i - 1]![0])).toBe(true);
      }),
    );
  });
});
