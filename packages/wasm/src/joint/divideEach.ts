import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {identity} from '../overrides/identity.js';
import {type JointCall, jointKernel} from './jointKernel.js';
import {CHUNK, type JointRow, jointTable} from './jointTable.js';

type Division = Required<JointRow>;

/**
 * (t − shift) / divisor of every tensor, with numbers of its own: rounded as the two operations are one after the other. Where
 * that changes nothing, the output shares the input's values: a clip that clips nothing costs nothing.
 */
export const divideEach = jointKernel('DivideEach', (call, simd) => {
  const {backend} = call;
  const outputs: TensorInfo[] = [];
  try {
    const divisions = divide(call, outputs);
    if (simd === undefined) divisions.forEach((division) => divideOne(backend, division));
    else if (divisions.length > 0) {
      const {at, rows, chunks, wake} = jointTable(backend, simd, divisions);
      simd.exports.divideEach(simd.control, at, rows, CHUNK, chunks, wake);
    }
    return outputs;
  } catch (error) {
    // Where memory ends after some outputs.
    for (const {dataId} of outputs) backend.disposeData(dataId);
    throw error;
  }
});

/** Makes the outputs; returns what is to be computed. */
function divide(call: JointCall, outputs: TensorInfo[]): Division[] {
  const {tensors, attrs, backend} = call;
  const divisors = numbersOf(call, 'divisors');
  const shifts = call.inputs['shifts'] && numbersOf(call, 'shifts');
  const divisions: Division[] = [];
  tensors.forEach((tensor, i) => {
    const [divisor, shift] = [divisors[i]!, shifts?.[i] ?? 0];
    const changes = divisor !== 1 || shift !== 0;
    const to = changes
      ? backend.makeOutput(tensor.shape, 'float32')
      : identity({inputs: {x: tensor}, attrs, backend});
    outputs.push(to);
    if (changes) divisions.push({tensor, to, divisor, shift});
  });
  return divisions;
}

/** A number for every tensor. Copied: making outputs may move the memory. */
function numbersOf({tensors: {length}, inputs, backend}: JointCall, name: string): ArrayLike<number> {
  const values = backend.typedArrayFromHeap(inputs[name]!).slice();
  if (values.length === length) return values;
  if (values.length === 1) return new Float32Array(length).fill(values[0]!);
  throw new RangeError(`DivideEach: ${name} must have 1 or ${length} values, got ${values.length}.`);
}

function divideOne(backend: BackendWasm, {tensor, to, divisor, shift}: Division): void {
  const values = backend.typedArrayFromHeap(to);
  backend.typedArrayFromHeap(tensor).forEach((t, i) => {
    values[i] = Math.fround(t - shift) / divisor;
  });
}
