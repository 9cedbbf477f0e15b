import fc from 'fast-check';
import {afterEach, describe, expect, it, vi} from 'vitest';
import * as module from './simd/statisticsModule.js';
import {statisticsRow} from './statisticsRow.js';

vi.mock(import('./simd/statisticsModule.js'), async (original) => {
  const actual = await original();
  return {statisticsModule: vi.fn<typeof actual.statisticsModule>(actual.statisticsModule)};
});

afterEach(() => void vi.mocked(module.statisticsModule).mockClear());

/** Without the module. */
function inJavaScript(values: Float32Array, below?: number): number[] {
  vi.mocked(module.statisticsModule).mockReturnValueOnce(undefined);
  return statisticsRow(values, below);
}

const expectClose = (found: readonly number[], expected: readonly number[]): void =>
  expected.forEach((value, i) => expect(found[i], `column ${i}`).toBeCloseTo(value, 9));

describe('a row of statistics', () => {
  it('is the same from the module and without it, on all sides of a vector and of its memory', () => {
    const {length} = module.statisticsModule()!.values;
    for (const size of [0, 1, 3, 4, 5, 17, length - 1, length, length + 1, 2 * length + 3]) {
      const values = Float32Array.from({length: size}, (_, i) => Math.sin(i) * (i % 7));
      expectClose(statisticsRow(values, 0.5), inJavaScript(values, 0.5));
    }
  });

  it('is the same for any values', () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 3e38));
    fc.assert(
      fc.property(fc.array(value, {maxLength: 20}), (list) => {
        const values = Float32Array.from(list);
        const [found, expected] = [statisticsRow(values, 1), inJavaScript(values, 1)];
        found.forEach((cell, i) => {
          const tolerance = 1e-9 * Math.max(1, Math.abs(expected[i]!));
          expect(Object.is(cell, expected[i]) || Math.abs(cell - expected[i]!) <= tolerance).toBe(true);
        });
      }),
    );
  });

  it('is right where the mean is a million times the deviation', () => {
    const [mean, std] = statisticsRow(Float32Array.from([1e6 + 1, 1e6 - 1, 1e6 + 1, 1e6 - 1]), undefined);
    expect([mean, std]).toEqual([1e6, 1]);
  });

  it('of nothing is 0', () => {
    expect(statisticsRow(new Float32Array(), undefined)).toEqual(Array.from({length: 8}, () => 0));
    expect(statisticsRow(new Float32Array(), 1)).toEqual(Array.from({length: 9}, () => 0));
  });
});
