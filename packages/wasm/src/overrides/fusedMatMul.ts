import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {
  type _FusedMatMulAttrs,
  Add,
  Elu,
  getKernel,
  LeakyRelu,
  type NamedAttrMap,
  Prelu,
  Relu,
  Relu6,
  Sigmoid,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import {isThin, multiply} from './multiply.js';
import {areFloat32, type Override} from './override.js';

/** Kernels by the name of the activation. */
const activations: Readonly<Record<string, string>> = {
  elu: Elu,
  leakyrelu: LeakyRelu,
  prelu: Prelu,
  relu: Relu,
  relu6: Relu6,
  sigmoid: Sigmoid,
};

/** Product, bias and activation. The bias goes into the product where it has one value a column, as dense layers have it. */
export const fusedMatMul: Override = ({inputs, attrs, backend}, simd) => {
  const {a, b, bias, preluActivationWeights} = inputs as Readonly<Record<string, TensorInfo>> & {
    a: TensorInfo;
    b: TensorInfo;
  };
  const {transposeA, transposeB, activation, leakyreluAlpha} = attrs as unknown as _FusedMatMulAttrs;
  if (!areFloat32(a, b)) return undefined;
  const kernel = activations[activation];
  if (kernel === undefined && activation !== 'linear') return undefined;

  const [rows, columns] = transposeB ? [b.shape.at(-1), b.shape.at(-2)] : b.shape.slice(-2);
  const fits = bias?.shape.length === 1 && bias.shape[0] === columns && rows !== 0;
  if ((bias === undefined || fits) && isThin({a, b, transposeA, transposeB})) return undefined;
  let out = multiply(backend, simd, {a, b, transposeA, transposeB, ...(fits ? {bias} : {})});
  // Shipped kernels trap on some tensors without elements.
  if (util.sizeFromShape(out.shape) === 0) return out;
  if (bias !== undefined && !fits) out = replace(backend, Add, out, {a: out, b: bias});
  if (kernel === undefined) return out;
  const more: Readonly<Record<string, TensorInfo>> =
    preluActivationWeights === undefined ? {} : {alpha: preluActivationWeights};
  return replace(backend, kernel, out, {x: out, ...more}, {alpha: leakyreluAlpha ?? 0});
};

/** What a kernel makes of a tensor, which is freed. */
function replace(
  backend: BackendWasm,
  kernel: string,
  old: TensorInfo,
  inputs: Record<string, TensorInfo>,
  attrs: NamedAttrMap = {},
): TensorInfo {
  try {
    return getKernel(kernel, 'wasm').kernelFunc({inputs, attrs, backend}) as TensorInfo;
  } finally {
    backend.disposeData(old.dataId);
  }
}
