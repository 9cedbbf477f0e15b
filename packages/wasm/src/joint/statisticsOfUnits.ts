import type {KernelConfig} from '@tensorflow/tfjs-core';
import {addressOf} from '../overrides/override.js';
import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {countAll, type Units, unitsOf} from './units.js';

const F64_BYTES = 8;

/**
 * The L2 norm of every unit of every tensor, as one vector, tensor after tensor: √(Σ t²), in float64, where squares of float32
 * stay in range. Attribute `units`: how many each tensor has.
 */
export const normOfUnits = statisticOfUnits(
  'NormOfUnits',
  (sum, t) => sum + t * t,
  (sum) => Math.sqrt(sum),
);

/** The mean of every unit, in the same way; summed in float64, so that the mean of equal ones is any of them. */
export const meanOfUnits = statisticOfUnits(
  'MeanOfUnits',
  (sum, t) => sum + t,
  (sum, count) => sum / Math.max(1, count),
);

/** By the module's function of that name; `add` and `finish` are for where there is none. */
function statisticOfUnits(
  kernelName: 'NormOfUnits' | 'MeanOfUnits',
  add: (sum: number, t: number) => number,
  finish: (sum: number, count: number) => number,
): KernelConfig {
  return jointKernel(kernelName, (call, simd) => {
    const {tensors, backend} = call;
    const units = unitsOf(kernelName, call);
    const shape = [countAll(units)];
    if (simd === undefined) {
      const values = tensors.flatMap((tensor, i) =>
        sumsOf(backend.typedArrayFromHeap(tensor), units[i]!.count, add).map((sum) =>
          finish(sum, units[i]!.size / units[i]!.count),
        ),
      );
      return [backend.makeOutput(shape, 'float32', undefined, Float32Array.from(values))];
    }
    const bytes = units.map(sumBytes);
    let sums = simd.scratch(
      'units',
      bytes.reduce((total, each) => total + each, 0),
    );
    const table = tensors.map((tensor, i) => {
      const {count, width, chunk} = units[i]!;
      const words = [width, count, sums] as const;
      sums += bytes[i]!;
      return {tensor, chunk, words};
    });
    const {at, rows, chunks, wake} = jointTable(backend, simd, table);
    const result = backend.makeOutput(shape, 'float32');
    const compute = kernelName === 'NormOfUnits' ? simd.exports.normOfUnits : simd.exports.meanOfUnits;
    compute(simd.control, at, rows, chunks, addressOf(backend, result), wake);
    return [result];
  });
}

/** What the sums of the columns take that every chunk leaves. */
function sumBytes({size, width, chunk}: Units): number {
  return Math.ceil(size / chunk) * width * F64_BYTES;
}

function sumsOf(values: Iterable<number>, count: number, add: (sum: number, t: number) => number): number[] {
  const sums = Array.from({length: count}, () => 0);
  let unit = 0;
  for (const t of values) {
    sums[unit] = add(sums[unit]!, t);
    unit = (unit + 1) % count;
  }
  return sums;
}
