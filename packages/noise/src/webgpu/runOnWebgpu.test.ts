import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {MathBackendCPU} from '@tensorflow/tfjs-backend-cpu';
import {afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import {counterNoise} from '../counterNoise.js';
import {type NoiseKind, noiseKinds} from '../noiseKind.js';
import {perturbEach} from '../perturbEach.js';
import type {WebgpuProgram, WebgpuUniform} from './perturbProgram.js';

/** Does what the program says it does, on the processor. */
class StandIn extends MathBackendCPU {
  readonly programs: WebgpuProgram[] = [];
  failure: Error | undefined;

  runWebGPUProgram(
    program: WebgpuProgram,
    [x, amounts]: tf.TensorInfo[],
    _dtype: tf.DataType,
    [key, last]: WebgpuUniform[],
    output: tf.TensorInfo,
  ): tf.TensorInfo {
    if (this.failure !== undefined) throw this.failure;
    this.programs.push(program);
    const kind = noiseKinds.find((name) => program.shaderKey.includes(name)) as NoiseKind;
    const values = this.data.get(x!.dataId).values as Float32Array;
    const amount = amounts === undefined ? last!.data[0]! : this.entryOf(amounts, last!.data[0]!);
    const [low, high] = new Int32Array(Uint32Array.from(key!.data));
    const noise = counterNoise(kind, [low!, high!], program.outputShape[0]!, amount);
    this.data.get(output.dataId).values = values.map((value, i) =>
      kind === 'drop' ? value * noise[i]! : value + noise[i]!,
    );
    return output;
  }

  private entryOf({dataId}: tf.TensorInfo, place: number): number {
    return (this.data.get(dataId).values as Float32Array)[place]!;
  }
}

let backend: StandIn;

beforeAll(() => tf.copyRegisteredKernels('cpu', 'webgpu'));
beforeEach(async () => {
  tf.registerBackend('webgpu', () => (backend = new StandIn()));
  await tf.setBackend('webgpu');
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  tf.removeBackend('webgpu');
});

const streams = [
  [1, 2],
  [-3, 4],
  [5, -6],
] as const;

function tensors() {
  return {a: tf.linspace(-1, 1, 6).reshape([2, 3]), b: tf.linspace(0, 5, 1001), c: tf.ones([2, 0])};
}

function expected(kind: NoiseKind, amounts: readonly number[]): Float32Array[] {
  return Object.values(tensors()).map((x, i) => {
    const noise = counterNoise(kind, streams[i]!, x.size, amounts[i]!);
    return x
      .dataSync<'float32'>()
      .map((value, j) => (kind === 'drop' ? value * noise[j]! : value + noise[j]!));
  });
}

it.each(noiseKinds)('runs one program for each tensor: %s', (kind) => {
  const changed = perturbEach(kind, tensors(), streams, 0.25);
  expect(backend.programs.map(({outputShape}) => outputShape)).toEqual([[6], [1001], [0]]);
  expect(Object.values(changed).map(({shape}) => shape)).toEqual([[2, 3], [1001], [2, 0]]);
  expect(Object.values(changed).map((y) => y.dataSync())).toEqual(expected(kind, [0.25, 0.25, 0.25]));
});

it.each(['normal', 'uniform'] as const)('leaves amounts on the device: %s', (kind) => {
  const amounts = [0.25, 0.5, 0.75];
  const changed = perturbEach(kind, tensors(), streams, tf.tensor1d(amounts));
  expect(backend.programs.map(({variableNames}) => variableNames.length)).toEqual([2, 2, 2]);
  expect(Object.values(changed).map((y) => y.dataSync())).toEqual(expected(kind, amounts));
});

it.each(['normal', 'uniform'] as const)('uploads noise for amounts that are a tensor: %s', (kind) => {
  backend.failure = new Error('No such program.');
  const amounts = [0.25, 0.5, 0.75];
  const changed = perturbEach(kind, tensors(), streams, tf.tensor1d(amounts));
  expect(Object.values(changed).map((y) => y.dataSync())).toEqual(expected(kind, amounts));
});

it.each(noiseKinds)('uploads the noise where the backend fails: %s', async (kind) => {
  backend.failure = new Error('No such program.');
  const changed = perturbEach(kind, tensors(), streams, 0.25);
  expect(Object.values(changed).map((y) => y.dataSync())).toEqual(expected(kind, [0.25, 0.25, 0.25]));
  const given = tensors();
  const before = backend.numDataIds();
  await expectNoLeaks(() => tf.dispose(perturbEach(kind, given, streams, 0.25)));
  expect(backend.numDataIds()).toBe(before);
});

it('uploads the noise where the backend runs no programs', () => {
  Object.assign(backend, {runWebGPUProgram: undefined});
  const {b} = perturbEach('normal', tensors(), streams, 1);
  expect(b!.dataSync()).toEqual(expected('normal', [1, 1, 1])[1]);
});

it('makes nothing that is not freed', async () => {
  const given = tensors();
  const amounts = tf.tensor1d([0.1, 0.7, 0.5]);
  const before = backend.numDataIds();
  await expectNoLeaks(() => tf.dispose(perturbEach('normal', given, streams, amounts)));
  expect(backend.numDataIds()).toBe(before);
});
