import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {identity} from '../overrides/identity.js';
import {type JointCall, jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {makeOutputs} from './makeOutputs.js';
import {numbersOf} from './numbersOf.js';

interface Division {
  readonly tensor: TensorInfo;
  readonly to: TensorInfo;
  /** Divisor and shift. */
  readonly numbers: readonly [number, number];
}

/**
 * (t − shift) / divisor of every tensor, with numbers of its own: rounded as the two operations are one after the other. Where
 * that changes nothing, the output shares the input's values: a clip that clips nothing costs nothing.
 */
export const divideEach = jointKernel('DivideEach', (call, simd) => {
  const {backend} = call;
  return makeOutputs(backend, (outputs) => {
    const divisions = divide(call, outputs);
    if (simd === undefined) divisions.forEach((division) => divideOne(backend, division));
    else if (divisions.length > 0) {
      const {at, rows, chunks, wake} = jointTable(backend, simd, divisions);
      simd.exports.divideEach(simd.control, at, rows, chunks, wake);
    }
  });
});

/** Makes the outputs; returns what is to be computed. */
function divide(call: JointCall, outputs: TensorInfo[]): Division[] {
  const {tensors, attrs, backend} = call;
  const divisors = numbersOf('DivideEach', 'divisors', call);
  const shifts = call.inputs['shifts'] && numbersOf('DivideEach', 'shifts', call);
  const divisions: Division[] = [];
  tensors.forEach((tensor, i) => {
    const [divisor, shift] = [divisors[i]!, shifts?.[i] ?? 0];
    const changes = divisor !== 1 || shift !== 0;
    const to = changes
      ? backend.makeOutput(tensor.shape, 'float32')
      : identity({inputs: {x: tensor}, attrs, backend});
    outputs.push(to);
    if (changes) divisions.push({tensor, to, numbers: [divisor, shift]});
  });
  return divisions;
}

function divideOne(backend: BackendWasm, {tensor, to, numbers: [divisor, shift]}: Division): void {
  const values = backend.typedArrayFromHeap(to);
  backend.typedArrayFromHeap(tensor).forEach((t, i) => {
    values[i] = Math.fround(t - shift) / divisor;
  });
}
