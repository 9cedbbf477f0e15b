import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import type {TensorInfo} from '@tensorflow/tfjs-core';

/** The outputs that `make` collects in a list; freed where it throws, as when memory ends after some of them. */
export function makeOutputs(backend: BackendWasm, make: (outputs: TensorInfo[]) => void): TensorInfo[] {
  const outputs: TensorInfo[] = [];
  try {
    make(outputs);
    return outputs;
  } catch (error) {
    for (const {dataId} of outputs) backend.disposeData(dataId);
    throw error;
  }
}
