import {adaptiveGradientClip, zeroNonFinite} from '@gradwire/clipping';
import type {GradientTransform, NamedTensors, StepContext} from '@gradwire/core';
import {centralizeGradients, signGradients} from '@gradwire/normalization';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {expectNear, largest, waves} from '../packages/wasm/fixtures/runJoint.js';

const shapes: Readonly<Record<string, number[]>> = {
  kernel: [300, 70],
  bias: [70],
  'conv/kernel': [3, 3, 4, 5],
  'conv/depthwise_kernel': [3, 3, 4, 2],
  narrow: [1000, 1],
  single: [1, 9],
  gain: [],
  none: [0, 3],
  nowhere: [3, 0],
};

/** A scale for all gradients; with some entries that are not finite. */
type Gradients = readonly [scale: number, broken: boolean];

const transforms: readonly [string, GradientTransform<undefined>, string, readonly Gradients[]][] = [
  ['adaptiveGradientClip', adaptiveGradientClip(), 'NormOfUnits', [[1, false], [1e-4, false], [1e-30, false], [1e30, false]]],
  ['centralizeGradients', centralizeGradients(), 'MeanOfUnits', [[1, false], [1e-30, false], [1e30, false]]],
  ['signGradients', signGradients(), 'SignEach', [[1, false], [1e-30, true]]],
  ['zeroNonFinite', zeroNonFinite(), 'ZeroNonFiniteEach', [[1, false], [1e38, true]]],
]; // prettier-ignore

const cases = transforms.flatMap(([name, transform, kernelName, all]) =>
  all.map((gradients) => [name, gradients, transform, kernelName] as const),
);

beforeAll(() => prepareWasm({threads: 1}));

afterAll(() => tf.removeBackend('wasm'));

describe('on prepared wasm, in one call,', () => {
  it.each(cases)('%s of %j gives what it gives on cpu', async (_name, gradients, transform, kernelName) => {
    const [onWasm, onCpu] = [await on('wasm', transform, gradients), await on('cpu', transform, gradients)];
    expect(onWasm.kernels.filter((kernel) => kernel === kernelName)).toHaveLength(1);
    for (const [i, {name, shape, values}] of onWasm.outputs.entries()) {
      const expected = onCpu.outputs[i]!;
      expect([name, shape]).toEqual([expected.name, expected.shape]);
      const slack = largest(expected.values.filter(Number.isFinite)) * 1e-6;
      expectNear(
        values,
        expected.values,
        expected.values.map(() => slack),
      );
    }
  });
});

async function on(
  backend: 'cpu' | 'wasm',
  transform: GradientTransform<undefined>,
  [scale, broken]: Gradients,
) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  let outputs: {name: string; shape: number[]; values: Float32Array}[] = [];
  const {kernelNames: kernels} = await tf.profile(() => {
    tf.tidy(() => {
      const grads = tensors((values) =>
        values.map((value, i) => (broken && i % 7 === 3 ? NaN : value * scale)),
      );
      const params = tensors((values) => values.map((value, i) => (i % 5) * value)) as StepContext['params'];
      const [changed] = transform.update(grads, undefined, {step: 0, params, keys: {}, seed: 0});
      outputs = Object.entries(changed).map(([name, tensor]) => ({
        name,
        shape: tensor.shape,
        values: tensor.dataSync<'float32'>(),
      }));
    });
  });
  expect(tf.memory().numTensors).toBe(before);
  return {outputs, kernels};
}

function tensors(valuesOf: (waves: Float32Array) => Float32Array): NamedTensors {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      tf.tensor(valuesOf(waves(tf.util.sizeFromShape(shape))), shape),
    ]),
  );
}
