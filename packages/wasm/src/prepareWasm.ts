import '@tensorflow/tfjs-backend-wasm';
import {registerMissingKernels} from './registerMissingKernels.js';

/** Options of {@link prepareWasm}. */
export interface WasmOptions {
  /** Threads to compute with in Node; default: the number of physical cores. 1 keeps the plain build. */
  readonly threads?: number;
}

export async function prepareWasm(_options: WasmOptions = {}): Promise<void> {
  registerMissingKernels();
}
