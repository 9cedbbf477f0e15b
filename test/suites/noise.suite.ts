import {type GradientTransform, type NamedTensors, parameterKeys} from '@gradwire/core';
import {dropGradients, gradientNoise, uniformNoise} from '@gradwire/noise';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {valuesOf} from './support/values.js';

/** ±1, whose root mean square is exactly 1 where their number is a power of two. */
const ones = (shape: number[]) =>
  tf.tensor(
    Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => 1 - 2 * (i % 2)),
    shape,
    'float32',
  );

/** Also an odd number of elements, none, one, and as many dimensions as tensors have everywhere. */
const gradients = () => ({
  a: ones([64, 64]),
  b: ones([10_001]),
  c: ones([2, 0]),
  d: tf.scalar(-3),
  e: ones([1, 2, 1, 2, 2, 2]),
});

const transforms: readonly (readonly [name: string, transform: GradientTransform<undefined>])[] = [
  ['gradientNoise', gradientNoise({eta: 0.09, seed: 1})],
  ['relative gradientNoise', gradientNoise({eta: 0.25, relative: true})],
  ['uniformNoise', uniformNoise({limit: 0.7})],
  ['dropGradients', dropGradients({rate: 0.3})],
];

describe('on every backend, the noise is that of the cpu backend to float rounding', () => {
  it.each(transforms)('%s', async (_name, transform) => {
    const changed = await valuesOfEach(applied(transform, gradients()));
    const expected = await onCpu(() => valuesOfEach(applied(transform, gradients())));
    expect(Object.keys(changed)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expect(changed[name]!.length).toBe(values.length);
      expect(largestDifference(changed[name]!, values), name).toBeLessThanOrEqual(1e-6);
    }
  });
});

it.each(tf.getBackend() === 'webgpu' ? transforms : [])(
  '%s: the device makes the noise, in one kernel',
  async (_name, transform) => {
    const grads = gradients();
    const {kernelNames} = await tf.profile(() => void applied(transform, grads));
    expect(kernelNames).toContain('PerturbEach');
    expect(kernelNames).not.toContain('Add');
  },
);

function applied(transform: GradientTransform<undefined>, grads: NamedTensors): NamedTensors {
  const keys = parameterKeys(Object.keys(grads));
  return transform.update(grads, undefined, {step: 3, params: {}, keys, seed: 42})[0];
}

async function onCpu<T>(compute: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return await compute();
  } finally {
    await tf.setBackend(backend);
  }
}

async function valuesOfEach(tensors: NamedTensors): Promise<Readonly<Record<string, number[]>>> {
  const values: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(tensors)) values[name] = await valuesOf(tensor);
  return values;
}

/** In units of 1 + |b|. */
function largestDifference(a: readonly number[], b: readonly number[]): number {
  return b.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(a[i]! - value) / (1 + Math.abs(value))),
    0,
  );
}
