import {getKernel, type KernelConfig, type TensorInfo} from '@tensorflow/tfjs-core';
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';

/** Attributes of a kernel, as TensorFlow.js names them. */
export type Attrs = Readonly<Record<string, unknown>>;
/** Inputs or outputs of a kernel, by name. */
type Tensors = Readonly<Record<string, TensorInfo>>;

/** Runs a kernel of the wasm backend. Its output is freed when the composed kernel ends, unless it is what that returns. */
export type Op = (kernel: string, inputs: Tensors, attrs?: Attrs) => TensorInfo;

/** What a composed kernel is given. */
export interface Composition<Names extends string = string, A = Attrs> {
  readonly inputs: Readonly<Record<Names, TensorInfo>>;
  /** Named as in TensorFlow.js; the caller knows their types. */
  readonly attrs: A;
  readonly op: Op;
  readonly backend: BackendWasm;
}

/**
 * A kernel of the wasm backend made out of others. `compute` returns an output of `op`, or a tensor that it has made with
 * `backend.makeOutput`; everything else that `op` has made is freed.
 * Where it takes the place of another kernel, `op` still runs that by its name.
 */
export function composed<Names extends string = string, A = Attrs>(
  kernelName: string,
  compute: (composition: Composition<Names, A>) => TensorInfo,
  replaced?: KernelConfig,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({inputs, attrs = {}, backend: given}) => {
      const backend = given as BackendWasm;
      const made: TensorInfo[] = [];
      const op: Op = (kernel, tensors, options = {}) => {
        const config = kernel === kernelName && replaced !== undefined ? replaced : getKernel(kernel, 'wasm');
        if (config === undefined) throw new Error(`${kernelName}: the wasm backend has no kernel ${kernel}.`);
        const output = config.kernelFunc({
          inputs: tensors,
          attrs: options as KernelConfigAttrs,
          backend,
        }) as TensorInfo;
        made.push(output);
        return output;
      };
      let result: TensorInfo | undefined;
      try {
        result = compute({
          inputs: inputs as Readonly<Record<Names, TensorInfo>>,
          attrs: attrs as A,
          op,
          backend,
        });
        return result;
      } finally {
        for (const tensor of made) if (tensor !== result) backend.disposeData(tensor.dataId);
      }
    },
  };
}

type KernelConfigAttrs = NonNullable<Parameters<KernelConfig['kernelFunc']>[0]['attrs']>;
