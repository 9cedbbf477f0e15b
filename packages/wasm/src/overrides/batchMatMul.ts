import type {BatchMatMulAttrs, TensorInfo} from '@tensorflow/tfjs-core';
import {multiply} from './multiply.js';
import {areFloat32, type Override} from './override.js';

/** All four cases of transposition at the same speed; the shipped kernel is naive where a factor is transposed. */
export const batchMatMul: Override = ({inputs, attrs, backend}, simd) => {
  const {a, b} = inputs as {a: TensorInfo; b: TensorInfo};
  const {transposeA, transposeB} = attrs as unknown as BatchMatMulAttrs;
  if (!areFloat32(a, b)) return undefined;
  return multiply(backend, simd, {a, b, transposeA, transposeB});
};
