import {createHash} from 'node:crypto';
import {type GradientTransform, parameterKeys} from '@gradwire/core';
import {dropGradients, gradientNoise, uniformNoise} from '@gradwire/noise';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

/** Chunks of the wasm kernel have 16384 elements; so many tensors together are enough for it to wake its threads. */
const sizes = [0, 1, 2, 3, 7, 8, 9, 31, 1000, 16383, 16384, 16385, 32767, 32768, 32769, 100_003];

const transforms: readonly [string, GradientTransform<undefined>][] = [
  ['gradientNoise', gradientNoise({eta: 0.3})],
  ['gradientNoise, relative', gradientNoise({eta: 0.3, relative: true})],
  ['uniformNoise', uniformNoise({limit: 0.01})],
  ['dropGradients', dropGradients({rate: 0.3})],
];

const onCpu = new Map<string, readonly string[]>();

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [name, transform] of transforms) onCpu.set(name, (await apply(transform)).outputs);
});

afterAll(async () => {
  await prepareWasm({threads: 1});
  tf.removeBackend('wasm');
});

describe.each([1, 2, 4])('on wasm with threads: %d', (threads) => {
  beforeAll(async () => {
    await prepareWasm({threads});
    await tf.setBackend('wasm');
  });

  it.each(transforms)('%s gives in one call the bits that it gives on cpu', async (name, transform) => {
    const {outputs, kernels} = await apply(transform);
    expect(kernels.filter((kernel) => kernel === 'PerturbEach')).toHaveLength(1);
    expect(outputs).toEqual(onCpu.get(name));
  });
});

/** Hashes of what it makes of tensors of these sizes, and the kernels that ran. */
async function apply(transform: GradientTransform<undefined>) {
  const before = tf.memory().numTensors;
  let outputs: string[] = [];
  const {kernelNames: kernels} = await tf.profile(() => {
    tf.tidy(() => {
      const grads = Object.fromEntries(sizes.map((size) => [`of${size}`, gradient(size)]));
      const keys = parameterKeys(Object.keys(grads));
      const [noisy] = transform.update(grads, undefined, {step: 3, params: {}, keys, seed: 42});
      outputs = Object.values(noisy).map((tensor) => hash(tensor!.dataSync<'float32'>()));
    });
  });
  expect(tf.memory().numTensors).toBe(before);
  return {outputs, kernels};
}

/** Small whole numbers: sums of their squares are exact, in whatever order. */
function gradient(size: number): tf.Tensor {
  return tf.tensor1d(Float32Array.from({length: size}, (_, i) => ((i * 7) % 4) - 1));
}

function hash(values: Float32Array): string {
  return createHash('sha1').update(values).digest('hex');
}
