import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {identity} from '../overrides/identity.js';
import type {SimdKernels} from '../simd/simdKernels.js';
import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';
import {makeOutputs} from './makeOutputs.js';

/** 0 for every element that is NaN or infinite. Where there is none, the output shares the input's values: they are read only. */
export const zeroNonFiniteEach = jointKernel('ZeroNonFiniteEach', ({tensors, attrs, backend}, simd) => {
  const found = tensors.length > 0 ? findNonFinite(backend, tensors, simd) : [];
  return makeOutputs(backend, (outputs) => {
    tensors.forEach((tensor, i) =>
      outputs.push(
        found[i]
          ? backend.makeOutput(tensor.shape, 'float32')
          : identity({inputs: {x: tensor}, attrs, backend}),
      ),
    );
    const table = tensors.flatMap((tensor, i) => (found[i] ? {tensor, to: outputs[i]!} : []));
    if (simd === undefined) table.forEach(({tensor, to}) => zeroNonFinite(backend, tensor, to));
    else if (table.length > 0) {
      const {at, rows, chunks, wake} = jointTable(backend, simd, table);
      simd.exports.zeroNonFinite(simd.control, at, rows, chunks, wake);
    }
  });
});

/** Which tensors have such elements. */
function findNonFinite(
  backend: BackendWasm,
  tensors: readonly TensorInfo[],
  simd: SimdKernels | undefined,
): readonly boolean[] {
  if (simd === undefined) {
    return tensors.map((tensor) => !backend.typedArrayFromHeap(tensor).every(Number.isFinite));
  }
  const found = simd.scratch('units', tensors.length);
  const table = tensors.map((tensor) => ({tensor}));
  const {at, rows, chunks, wake} = jointTable(backend, simd, table);
  simd.exports.findNonFinite(simd.control, at, rows, chunks, found, wake);
  return Array.from(new Uint8Array(simd.memory.buffer, found, rows), Boolean);
}

function zeroNonFinite(backend: BackendWasm, tensor: TensorInfo, to: TensorInfo): void {
  const values = backend.typedArrayFromHeap(to);
  backend.typedArrayFromHeap(tensor).forEach((x, i) => {
    values[i] = Number.isFinite(x) ? x : 0;
  });
}
