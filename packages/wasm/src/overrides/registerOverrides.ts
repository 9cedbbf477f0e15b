import {
  _FusedMatMul,
  BatchMatMul,
  ClipByValue,
  getKernel,
  Identity,
  registerKernel,
  Sum,
  Tanh,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import {batchMatMul} from './batchMatMul.js';
import {clipByValue} from './clipByValue.js';
import {fusedMatMul} from './fusedMatMul.js';
import {identity} from './identity.js';
import {type Fallback, type Override, override} from './override.js';
import {sum} from './sum.js';
import {tanh} from './tanh.js';
import {transposeFirst} from './transposeFirst.js';

/** Shipped kernels that are slow in training, and what takes their place. */
const overrides: Readonly<Record<string, readonly [Override, Fallback?]>> = {
  [_FusedMatMul]: [fusedMatMul, transposeFirst],
  [BatchMatMul]: [batchMatMul, transposeFirst],
  [ClipByValue]: [clipByValue],
  [Identity]: [identity, identity],
  [Sum]: [sum],
  [Tanh]: [tanh],
};

/** Says of a kernel that it is ours, also to another copy of this package. */
const OURS = Symbol.for('@gradwire/wasm');

/** Registers them, once. */
export function registerOverrides(): void {
  for (const [name, [ours, otherwise]] of Object.entries(overrides)) {
    const shipped = getKernel(name, 'wasm');
    if (OURS in shipped.kernelFunc) continue;
    unregisterKernel(name, 'wasm');
    const kernelFunc = Object.assign(override(shipped.kernelFunc, ours, otherwise), {[OURS]: true});
    registerKernel({...shipped, kernelFunc});
  }
}
