import {divideEach, globalNorm, momentsOfEach, type NamedTensors, normOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {expectNear} from '../packages/wasm/fixtures/runJoint.js';
import {prepareWasm} from '@gradwire/wasm';

type Computation = (tensors: NamedTensors) => readonly tf.Tensor[];

const computations: readonly [string, string, Computation][] = [
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
];

// First, before the kernels for many tensors at once are registered.
describe('on wasm as shipped', () => {
  beforeAll(async () => void (await tf.setBackend('wasm')));
  afterAll(() => tf.removeBackend('wasm'));

  it.each(computations)('%s gives, one by one, what it gives on cpu', async (_name, kernelName, compute) => {
    expect(await likeOnCpu(compute)).not.toContain(kernelName);
  });
});

describe('on prepared wasm', () => {
  beforeAll(() => prepareWasm({threads: 1}));
  afterAll(() => tf.removeBackend('wasm'));

  it.each(computations)('%s gives, in one call, what it gives on cpu', async (_name, kernelName, compute) => {
    expect(await likeOnCpu(compute)).toContain(kernelName);
  });
});

/** The kernels that wasm has run. */
async function likeOnCpu(compute: Computation): Promise<readonly string[]> {
  const [onWasm, onCpu] = [await on('wasm', compute), await on('cpu', compute)];
  expect(onWasm.outputs.map(({shape}) => shape)).toEqual(onCpu.outputs.map(({shape}) => shape));
  for (const [i, {values}] of onWasm.outputs.entries()) {
    const expected = onCpu.outputs[i]!.values;
    expectNear(
      values,
      expected,
      expected.map((value) => Math.abs(value) * 1e-5),
    );
  }
  return onWasm.kernels;
}

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
