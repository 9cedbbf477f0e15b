import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {callJoint, expectNear, largest, runJoint, type Values, waves} from '../../fixtures/runJoint.js';
import {prepareWasm} from '../prepareWasm.js';
import {simdKernelsOf} from '../simd/simdKernels.js';
import {CHUNK} from './jointTable.js';

vi.mock(import('../simd/simdKernels.js'), async (original) => {
  const actual = await original();
  return {...actual, simdKernelsOf: vi.fn<typeof actual.simdKernelsOf>(actual.simdKernelsOf)};
});

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

describe.each([true, false])('statistics of units, with SIMD: %j,', (simd) => {
  beforeAll(() => {
    if (!simd) vi.mocked(simdKernelsOf).mockReturnValue(undefined);
  });

  it.each([
    ['NormOfUnits', [3, 13, 1, 0, 4]],
    ['MeanOfUnits', [-1, 19 / 3, 1, 0, -4]],
  ])('%s takes the columns of every tensor, tensor after tensor', (kernelName, expected) => {
    tf.tidy(() => {
      const tensors = [tf.tensor3d([1, 3, -2, 4, -2, 12], [3, 1, 2]), tf.tensor1d([1, 0]), tf.scalar(-4)];
      const [values] = callJoint(kernelName, tensors, {}, {units: [2, 2, 1]}) as [tf.Tensor];
      expect(values.shape).toEqual([5]);
      expectNear(values.dataSync(), expected, [0, 0, 0, 0, 0]);
    });
  });

  it.each<[string, string, number[], number]>([
    ['NormOfUnits', 'zeros', [0, -0], 0],
    ['NormOfUnits', 'nothing', [], 0],
    ['NormOfUnits', 'an infinity', [1, -Infinity], Infinity],
    ['NormOfUnits', 'NaN', [1, NaN], NaN],
    ['NormOfUnits', 'more than float32 can hold', [3e38, 3e38], Infinity],
    ['MeanOfUnits', 'nothing', [], 0],
    ['MeanOfUnits', 'numbers with a sum that is no float32', [3e38, 3e38, 3e38], Math.fround(3e38)],
    ['MeanOfUnits', 'an infinity', [1, Infinity], Infinity],
    ['MeanOfUnits', 'infinities of either sign', [Infinity, -Infinity], NaN],
  ])('%s is exact for %s', (kernelName, _what, values, expected) => {
    expect([...runJoint(kernelName, [values], {}, {units: [1]})[0]!]).toEqual([expected]);
  });

  it.each([0.1, -3e38, 1e-45, 1 / 3])('the mean of equal entries of %d is exactly that', (value) => {
    const sizes = [1, 2, 5, 1001, CHUNK + 1];
    const lists = sizes.map((size) => new Float32Array(3 * size).fill(value));
    const [means] = runJoint('MeanOfUnits', lists, {}, {units: sizes.map(() => 3)});
    expect(means).toEqual(new Float32Array(15).fill(value));
  });

  it.each(['NormOfUnits', 'MeanOfUnits'])('%s of no tensors is empty', (kernelName) => {
    expect(runJoint(kernelName, [], {}, {units: []})).toEqual([new Float32Array()]);
  });

  it.each(['NormOfUnits', 'MeanOfUnits'])('%s keeps what is not finite to its unit', (kernelName) => {
    const [values] = runJoint(kernelName, [[NaN, 1, Infinity, 1, 1, 1]], {}, {units: [3]});
    expect([...values!]).toEqual([NaN, kernelName === 'NormOfUnits' ? Math.fround(Math.SQRT2) : 1, Infinity]);
  });

  it.each([0, 2, 1.5])('NormOfUnits refuses %d units of three elements', (units) => {
    expect(() => runJoint('NormOfUnits', [[1, 2, 3]], {}, {units: [units]})).toThrow(
      `NormOfUnits: a tensor of 3 elements does not have ${units} units.`,
    );
  });

  it('both agree with sums in float64 for any values', () => {
    const number = fc.float({noNaN: true, noDefaultInfinity: true});
    const matrix = fc
      .tuple(fc.integer({min: 0, max: 9}), fc.integer({min: 1, max: 9}))
      .chain(([rows, units]) =>
        fc.record({
          units: fc.constant(units),
          values: fc.array(number, {minLength: rows * units, maxLength: rows * units}),
        }),
      );
    fc.assert(
      fc.property(fc.array(matrix, {minLength: 1, maxLength: 4}), (matrices) =>
        expectStatistics(
          matrices.map(({values}) => values),
          matrices.map(({units}) => units),
        ),
      ),
    );
  });

  it.each([1e-30, 1, 1e30])('both agree with them on all sides of a chunk, around %d', (scale) => {
    const shapes = [
      [0, 3], [1, 1], [1, 5], [3, 1], [7, 63], [32, 64], [33, 64], [255, 65], [256, 64], [257, 64],
      [CHUNK - 1, 1], [CHUNK, 1], [CHUNK + 1, 1], [5000, 10], [31, 512], [32, 512], [101, 514], [2, 20_001],
    ] as const; // prettier-ignore
    expectStatistics(
      shapes.map(([rows, units]) => waves(rows * units, scale)),
      shapes.map(([, units]) => units),
    );
  });
});

function expectStatistics(lists: readonly Values[], units: number[]): void {
  const columns = lists.flatMap((values, i) => {
    const ofTensor = Array.from({length: units[i]!}, (): number[] => []);
    for (let at = 0; at < values.length; at++) ofTensor[at % units[i]!]!.push(Math.fround(values[at]!));
    return ofTensor;
  });
  const [norms] = runJoint('NormOfUnits', lists, {}, {units});
  const [means] = runJoint('MeanOfUnits', lists, {}, {units});
  const add = (a: number, b: number): number => a + b;
  expectNear(
    norms!,
    columns.map((column) => Math.sqrt(column.map((value) => value * value).reduce(add, 0))),
    columns.map(() => 0),
  );
  expectNear(
    means!,
    columns.map((column) => column.reduce(add, 0) / Math.max(1, column.length)),
    columns.map((column) => largest(column) * 1e-12),
  );
}
