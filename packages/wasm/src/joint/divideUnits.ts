import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {identity} from '../overrides/identity.js';
import type {SimdKernels} from '../simd/simdKernels.js';
import {type JointCall, jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {makeOutputs} from './makeOutputs.js';
import {countAll, type Units, unitsOf} from './units.js';

interface Division {
  readonly tensor: TensorInfo;
  readonly to: TensorInfo;
  readonly units: Units;
  readonly divisors: Float32Array;
  readonly shifts: Float32Array;
}

/**
 * (t − shift) / divisor of every tensor, with numbers for every unit: inputs `divisors` and `shifts`, vectors as `NormOfUnits`
 * makes them; default 1 and 0. Rounded as the two operations are one after the other. Tensors that this does not change share
 * the input's values.
 */
export const divideUnits = jointKernel('DivideUnits', (call, simd) => {
  const {backend} = call;
  return makeOutputs(backend, (outputs) => {
    const divisions = divide(call, outputs);
    if (simd === undefined) divisions.forEach((division) => divideOne(backend, division));
    else if (divisions.length > 0) divideInModule(backend, simd, divisions);
  });
});

/** Makes the outputs; returns what is to be computed. */
function divide(call: JointCall, outputs: TensorInfo[]): Division[] {
  const {tensors, attrs, backend} = call;
  const units = unitsOf('DivideUnits', call);
  const allDivisors = numbersOfUnits('divisors', 1, countAll(units), call);
  const allShifts = numbersOfUnits('shifts', 0, countAll(units), call);
  const divisions: Division[] = [];
  let first = 0;
  tensors.forEach((tensor, i) => {
    const last = first + units[i]!.count;
    const divisors = allDivisors.subarray(first, last);
    const shifts = allShifts.subarray(first, last);
    const changes = divisors.some((divisor) => divisor !== 1) || shifts.some((shift) => shift !== 0);
    const to = changes
      ? backend.makeOutput(tensor.shape, 'float32')
      : identity({inputs: {x: tensor}, attrs, backend});
    outputs.push(to);
    if (changes) divisions.push({tensor, to, units: units[i]!, divisors, shifts});
    first = last;
  });
  return divisions;
}

/** Copied: making outputs may move the memory. */
function numbersOfUnits(
  name: string,
  otherwise: number,
  count: number,
  {inputs, backend}: JointCall,
): Float32Array {
  const input = inputs[name];
  if (input === undefined) return new Float32Array(count).fill(otherwise);
  const values = backend.typedArrayFromHeap(input).slice() as Float32Array;
  if (values.length === count) return values;
  throw new RangeError(`DivideUnits: ${name} must have ${count} values, got ${values.length}.`);
}

function divideInModule(backend: BackendWasm, simd: SimdKernels, divisions: readonly Division[]): void {
  const floats = divisions.reduce((sum, {units: {width}}) => sum + 2 * width, 0);
  const begin = simd.scratch('units', floats * 4);
  const numbers = new Float32Array(simd.memory.buffer, begin, floats);
  let first = 0;
  const table = divisions.map(({tensor, to, units: {count, width, chunk}, divisors, shifts}) => {
    const words = [width, begin + first * 4] as const;
    for (const values of [divisors, shifts]) {
      for (const last = first + width; first < last; first += count) numbers.set(values, first);
    }
    return {tensor, to, chunk, words};
  });
  const {at, rows, chunks, wake} = jointTable(backend, simd, table);
  simd.exports.divideUnits(simd.control, at, rows, chunks, wake);
}

function divideOne(backend: BackendWasm, {tensor, to, units: {count}, divisors, shifts}: Division): void {
  const values = backend.typedArrayFromHeap(to);
  backend.typedArrayFromHeap(tensor).forEach((t, i) => {
    values[i] = Math.fround(t - shifts[i % count]!) / divisors[i % count]!;
  });
}
