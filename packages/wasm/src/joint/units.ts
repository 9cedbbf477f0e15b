import {util} from '@tensorflow/tfjs-core';
import type {JointCall} from './jointKernel.js';
import {CHUNK} from './jointTable.js';

/** A tensor as a matrix whose columns are units, such as the weights that feed one neuron each; see `assembly/unitsChunk.ts`. */
export interface Units {
  /** Elements in all. */
  readonly size: number;
  /** How many units there are. */
  readonly count: number;
  /** Columns that are computed with: few are taken as more, for vectors of four to have something to do. */
  readonly width: number;
  /** Elements of a chunk: whole rows, and so many that sums of columns take little room beside them. */
  readonly chunk: number;
}

const NARROW = 64;
const FEWEST_ROWS = 32;

/** By the attribute `units`, their number for each tensor: of all axes, its last ones tell them apart. */
export function unitsOf(kernelName: string, {tensors, attrs}: JointCall): Units[] {
  const counts = attrs['units'] as unknown as readonly number[];
  return tensors.map(({shape}, i) => {
    const size = util.sizeFromShape(shape);
    const count = counts[i]!;
    if (!(Number.isInteger(count) && count >= 1 && size % count === 0)) {
      throw new RangeError(`${kernelName}: a tensor of ${size} elements does not have ${count} units.`);
    }
    const width = count < NARROW ? count * 4 * Math.ceil(NARROW / 4 / count) : count;
    return {size, count, width, chunk: width * Math.max(FEWEST_ROWS, Math.ceil(CHUNK / width))};
  });
}

/** The units of all tensors together. */
export function countAll(units: readonly Units[]): number {
  return units.reduce((sum, {count}) => sum + count, 0);
}
