import type {NoiseKind} from '../noiseKind.js';
import {noiseShader} from './noiseShader.js';

/** What the backend of `@tensorflow/tfjs-backend-webgpu` calls a `WebGPUProgram`. It writes into it: one object for each run. */
export interface WebgpuProgram {
  readonly outputShape: number[];
  readonly shaderKey: string;
  readonly dispatchLayout: {readonly x: number[]};
  readonly dispatch: [x: number, y: number, z: number];
  readonly workgroupSize: [x: number, y: number, z: number];
  readonly variableNames: string[];
  readonly uniforms: string;
  readonly size: true;
  getUserCode(): string;
}

/** A value of `uniforms`, in their order. */
export interface WebgpuUniform {
  readonly type: 'float32' | 'int32' | 'uint32';
  readonly data: number[];
}

const WORKGROUP = 64;

/**
 * y = x + amount · noise, or x · mask, of `size` elements in one pass; each invocation makes one block of two.
 *
 * The inputs are x and, unless the amount is `shared`, the amounts; the uniforms `key` (two words) and the shared amount, or
 * the place of the amount among the others.
 */
export function perturbProgram(kind: NoiseKind, size: number, shared: boolean): WebgpuProgram {
  return {
    outputShape: [size],
    shaderKey: `gradwire_perturb_${kind}_${shared ? 'amount' : 'amounts'}`,
    dispatchLayout: {x: [0]},
    // The backend spreads them over y and z where they are too many for x.
    dispatch: [Math.ceil(size / 2 / WORKGROUP), 1, 1],
    workgroupSize: [WORKGROUP, 1, 1],
    variableNames: shared ? ['A'] : ['A', 'amounts'],
    uniforms: `key : vec2<u32>, ${shared ? 'amount : f32' : 'place : i32'},`,
    size: true,
    getUserCode: () => `${noiseShader(kind)}

fn main(index : i32) {
  let i = 2 * index;
  if (i >= uniforms.size) { return; }
  let pair = noise(uniforms.key, u32(index), ${shared ? 'uniforms.amount' : 'amounts[uniforms.place]'});
  result[i] = A[i] ${kind === 'drop' ? '*' : '+'} pair.x;
  if (i + 1 < uniforms.size) { result[i + 1] = A[i + 1] ${kind === 'drop' ? '*' : '+'} pair.y; }
}`,
  };
}
