import {mapTensors, type NamedTensors, runJointKernel} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {counterNoise} from './counterNoise.js';
import type {NoiseKind} from './noiseKind.js';
import {perturbed} from './perturbed.js';
import type {WordPair} from './threefry.js';
import {runOnWebgpu} from './webgpu/runOnWebgpu.js';

/**
 * Adds noise to every tensor; multiplies by it, where its kind is `drop`.
 *
 *     y = x + amount · noise,  or  x · mask
 *
 * See {@link counterNoise} for the kinds. The same bits on every backend that adds and multiplies exactly, and whether or not
 * it has the joint kernel `PerturbEach`. That takes the attributes `kind`, `streams` (two numbers per tensor) and either `amount` or,
 * for noise that is added, the input `amounts`. On webgpu, where the device makes the noise, the same to 1e-6 · (1 + its value).
 *
 * Any shapes; tensors that are not float32 pass unchanged.
 *
 * @param kind which noise.
 * @param tensors by name.
 * @param streams the key of the noise of each tensor, in the order of the names.
 * @param amount of the noise: one for all, or (n), one for each.
 */
export function perturbEach<Kind extends NoiseKind>(
  kind: Kind,
  tensors: NamedTensors,
  streams: readonly WordPair[],
  amount: number | (Kind extends 'drop' ? never : tf.Tensor),
): NamedTensors {
  const names = Object.keys(tensors);
  if (names.length === 0) return tensors;
  const shared = typeof amount === 'number';
  const backend = tf.getBackend();
  const run = backend === 'webgpu' ? runOnWebgpu : runJointKernel;
  const outputs = run('PerturbEach', Object.values(tensors), shared ? {} : {amounts: amount}, {
    kind,
    streams: streams.flat(),
    ...(shared ? {amount} : {}),
  });
  if (outputs !== undefined) return Object.fromEntries(names.map((name, i) => [name, outputs[i]!]));
  if (backend === 'cpu') {
    const amounts = shared ? [] : amount.dataSync<'float32'>();
    return mapFloats(tensors, (x, i) => perturbOnCpu(x, kind, streams[i]!, shared ? amount : amounts[i]!));
  }
  return mapFloats(tensors, (x, i) =>
    tf.tidy(() => {
      if (shared) return apply(kind, x, noiseFor(x, kind, streams[i]!, amount));
      const own = tf.reshape(tf.slice(amount, [i], [1]), []);
      return apply(kind, x, tf.mul(noiseFor(x, kind, streams[i]!, 1), own));
    }),
  );
}

/** Where values lie in JavaScript's memory, an operation would cost more than the noise of a small tensor. */
function perturbOnCpu(x: tf.Tensor, kind: NoiseKind, stream: WordPair, amount: number): tf.Tensor {
  const values = perturbed(kind, stream, x.dataSync<'float32'>(), amount);
  return tf.engine().makeTensor(values, x.shape, 'float32');
}

/** For the next operation and no more: the backend may only refer to the values, and the next noise takes their place. */
function noiseFor({size, shape}: tf.Tensor, kind: NoiseKind, stream: WordPair, amount: number): tf.Tensor {
  return tf.tensor(counterNoise(kind, stream, size, amount), shape, 'float32');
}

function apply(kind: NoiseKind, x: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  return kind === 'drop' ? tf.mul(x, noise) : tf.add(x, noise);
}

function mapFloats(tensors: NamedTensors, fn: (x: tf.Tensor, index: number) => tf.Tensor): NamedTensors {
  let i = 0;
  return mapTensors(tensors, (x) => {
    const index = i++;
    return x.dtype === 'float32' ? fn(x, index) : x;
  });
}
