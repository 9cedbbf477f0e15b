import {getKernel, type KernelConfig, registerKernel} from '@tensorflow/tfjs-core';

/** Kernels that gradients need and the shipped wasm backend lacks. */
const kernels: readonly KernelConfig[] = [];

/** Registers them, except those that are there by now. */
export function registerMissingKernels(): void {
  for (const kernel of kernels) {
    if (getKernel(kernel.kernelName, 'wasm') === undefined) registerKernel(kernel);
  }
}
