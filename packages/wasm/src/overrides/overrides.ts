import {_FusedMatMul, BatchMatMul, ClipByValue, Identity, Sum, Tanh} from '@tensorflow/tfjs-core';
import {batchMatMul} from './batchMatMul.js';
import {clipByValue} from './clipByValue.js';
import {fusedMatMul} from './fusedMatMul.js';
import {identity} from './identity.js';
import type {Fallback, Override} from './override.js';
import {sum} from './sum.js';
import {tanh} from './tanh.js';
import {transposeFirst} from './transposeFirst.js';

/** Kernels that are slow in training, and what stands before them. */
export const overrides: Readonly<Record<string, readonly [Override, Fallback?]>> = {
  [_FusedMatMul]: [fusedMatMul, transposeFirst],
  [BatchMatMul]: [batchMatMul, transposeFirst],
  [ClipByValue]: [clipByValue],
  [Identity]: [identity, identity],
  [Sum]: [sum],
  [Tanh]: [tanh],
};
