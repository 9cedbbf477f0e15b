import {type BackendWasm, getThreadsCount} from '@tensorflow/tfjs-backend-wasm';
import type {KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo} from '@tensorflow/tfjs-core';
import {type SimdKernels, simdKernelsOf} from '../simd/simdKernels.js';

/** What a kernel is called with. */
export interface Call {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: BackendWasm;
}

/** A kernel in place of a shipped one; undefined for calls that are left to that. */
export type Override = (call: Call, simd: SimdKernels) => TensorInfo | undefined;

/** What to do where there is no module of ours, or where it has fewer threads than the shipped one: in browsers. */
export type Fallback = (call: Call, shipped: KernelFunc) => TensorInfo;

/** A shipped kernel and what is better, as one kernel. */
export function override(shipped: KernelFunc, ours: Override, otherwise: Fallback = run): KernelFunc {
  return (params) => {
    const backend = params.backend as BackendWasm;
    const call: Call = {inputs: params.inputs, attrs: (params.attrs ?? {}) as NamedAttrMap, backend};
    const simd = simdKernelsOf(backend);
    if (simd === undefined || simd.threads < getThreadsCount()) return otherwise(call, shipped);
    return ours(call, simd) ?? shipped(params);
  };
}

/** Runs a kernel that has one output. */
export function run({inputs, attrs, backend}: Call, kernel: KernelFunc): TensorInfo {
  return kernel({inputs, attrs, backend}) as TensorInfo;
}

/** Whether all of these tensors hold float32. */
export function areFloat32(...tensors: readonly TensorInfo[]): boolean {
  return tensors.every(({dtype}) => dtype === 'float32');
}

/** Where a tensor's values begin in memory. */
export function addressOf(backend: BackendWasm, {dataId}: TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}
