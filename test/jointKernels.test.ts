import {divideEach, globalNorm, momentsOfEach, type NamedTensors, normOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {expectNear} from '../packages/wasm/fixtures/runJoint.js';
import {prepareWasm} from '@gradwire/wasm';

beforeAll(() => prepareWasm({threads: 1}));

afterAll(() => tf.removeBackend('wasm'));

type Computation = (tensors: NamedTensors) => readonly tf.Tensor[];

it.each<[string, string, Computation]>([
  ['normOfEach', 'NormOfEach', (tensors) => [normOfEach(tensors)]],
  ['globalNorm', 'NormOfEach', (tensors) => [globalNorm(tensors)]],
  ['momentsOfEach', 'MomentsOfEach', (tensors) => Object.values(momentsOfEach(tensors)) as tf.Tensor[]],
  ['divideEach', 'DivideEach', (tensors) => Object.values(divideEach(tensors, tf.tensor1d([2, 1, 3, 1, 1])))],
  ['divideEach by a scalar', 'DivideEach', (tensors) => Object.values(divideEach(tensors, tf.scalar(1e-30)))],
  [
    'divideEach with shifts',
    'DivideEach',
    (tensors) =>
      Object.values(divideEach(tensors, tf.tensor1d([2, 1, 3, 1, 1]), tf.tensor1d([0, 0, 1, 2, 1e30]))),
  ],
])('%s gives on wasm, in one call, what it gives on cpu', async (_name, kernelName, compute) => {
  const [onWasm, onCpu] = [await on('wasm', compute), await on('cpu', compute)];
  expect(onWasm.kernels).toContain(kernelName);
  expect(onWasm.outputs.map(({shape}) => shape)).toEqual(onCpu.outputs.map(({shape}) => shape));
  for (const [i, {values}] of onWasm.outputs.entries()) {
    const expected = onCpu.outputs[i]!.values;
    expectNear(
      values,
      expected,
      expected.map((value) => Math.abs(value) * 1e-5),
    );
  }
});

async function on(backend: 'cpu' | 'wasm', compute: Computation) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  let outputs: {shape: number[]; values: Float32Array}[] = [];
  const {kernelNames: kernels} = await tf.profile(() => {
    tf.tidy(() => {
      const tensors = {
        a: tf.tensor2d([
          [1.5, -2],
          [3, 4],
        ]),
        b: tf.scalar(-7),
        c: tf.ones([2, 0]),
        d: tf.range(0, 100),
        e: tf.tensor1d([1e30, -2e30, 3e29]),
      };
      outputs = compute(tensors).map((tensor) => ({
        shape: tensor.shape,
        values: tensor.dataSync<'float32'>(),
      }));
    });
  });
  expect(tf.memory().numTensors).toBe(before);
  return {outputs, kernels};
}
