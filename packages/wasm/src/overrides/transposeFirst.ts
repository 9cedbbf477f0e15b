import {getKernel, type KernelFunc, type TensorInfo, Transpose} from '@tensorflow/tfjs-core';
import {type Call, type Fallback, run} from './override.js';

/** The shipped product of plain factors: it has a fast path for these alone. */
export const transposeFirst: Fallback = (call, shipped) => {
  const {a, b} = call.inputs as {a: TensorInfo; b: TensorInfo};
  const {transposeA, transposeB} = call.attrs;
  const made: TensorInfo[] = [];
  const plain = (x: TensorInfo, transpose: unknown): TensorInfo => {
    if (!transpose) return x;
    const transposed = transposeLastTwo(call, x);
    made.push(transposed);
    return transposed;
  };
  try {
    const inputs = {...call.inputs, a: plain(a, transposeA), b: plain(b, transposeB)};
    return run({...call, inputs, attrs: {...call.attrs, transposeA: false, transposeB: false}}, shipped);
  } finally {
    for (const {dataId} of made) call.backend.disposeData(dataId);
  }
};

function transposeLastTwo(call: Call, x: TensorInfo): TensorInfo {
  const perm = x.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  const transpose: KernelFunc = getKernel(Transpose, 'wasm').kernelFunc;
  return run({...call, inputs: {x}, attrs: {perm}}, transpose);
}
