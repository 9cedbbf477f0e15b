import type {BatchMatMulAttrs, TensorInfo} from '@tensorflow/tfjs-core';
import {isThin, multiply} from './multiply.js';
import {areFloat32, type Override} from './override.js';

/** All four cases of transposition at the same speed; the shipped kernel is naive where a factor is transposed. */
export const batchMatMul: Override = ({inputs, attrs, backend}, simd) => {
  const {a, b} = inputs as {a: TensorInfo; b: TensorInfo};
  const {transposeA, transposeB} = attrs as unknown as BatchMatMulAttrs;
  const factors = {a, b, transposeA, transposeB};
  if (!areFloat32(a, b) || isThin(factors)) return undefined;
  return multiply(backend, simd, factors);
};
