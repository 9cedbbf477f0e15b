import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo} from '@tensorflow/tfjs-core';
import {addressOf} from '../overrides/override.js';
import {type SimdKernels, simdKernelsOf} from '../simd/simdKernels.js';

/** What a kernel is called with that takes many tensors at once. */
export interface JointCall {
  /** Those under the keys '0', '1', …: float32, of any shapes. */
  readonly tensors: readonly TensorInfo[];
  /** These, and others by name. */
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: BackendWasm;
}

/** In the module where there is one; undefined without SIMD: then it is done in JavaScript. */
export type JointCompute = (call: JointCall, simd: SimdKernels | undefined) => TensorInfo[];

/** A kernel that takes all parameters of a network in one call, as `runJointKernel` of `@gradwire/core` makes it. */
export function jointKernel(kernelName: string, compute: JointCompute): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({inputs, attrs = {}, backend: given}) => {
      const backend = given as BackendWasm;
      // Values that are still on another backend come over now: later they could move memory under an array that views it.
      for (const input of Object.values(inputs)) if (input !== undefined) addressOf(backend, input);
      return compute({tensors: indexed(inputs), inputs, attrs, backend}, simdKernelsOf(backend));
    },
  };
}

function indexed(inputs: NamedTensorInfoMap): TensorInfo[] {
  const tensors: TensorInfo[] = [];
  for (let tensor = inputs[0]; tensor !== undefined; tensor = inputs[tensors.length]) tensors.push(tensor);
  return tensors;
}
