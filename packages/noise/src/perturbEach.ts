import {mapTensors, type NamedTensors, runJointKernel} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {counterNoise} from './counterNoise.js';
import type {NoiseKind} from './noiseKind.js';
import type {WordPair} from './threefry.js';
import {runOnWebgpu} from './webgpu/runOnWebgpu.js';

/**
 * Adds noise to every tensor; multiplies by it, where its kind is `drop`.
 *
 *     y = x + amount · noise,  or  x · mask
 *
 * See {@link counterNoise} for the kinds. The same bits on every backend that adds and multiplies exactly, and whether or not
 * it has the joint kernel `PerturbEach`. That takes the attributes `kind`, `streams` (two numbers per tensor) and either `amount` or
 * the input `amounts`. On webgpu, where the device makes the noise, the same to 1e-6 · (1 + its size).
 *
 * Any shapes; tensors that are not float32 pass unchanged.
 *
 * @param kind which noise.
 * @param tensors by name.
 * @param streams the key of the noise of each tensor, in the order of the names.
 * @param amount of the noise: one for all, or (n), one for each.
 */
export function perturbEach(
  kind: NoiseKind,
  tensors: NamedTensors,
  streams: readonly WordPair[],
  amount: number | tf.Tensor,
): NamedTensors {
  const names = Object.keys(tensors);
  if (names.length === 0) return tensors;
  const shared = typeof amount === 'number';
  const run = tf.getBackend() === 'webgpu' ? runOnWebgpu : runJointKernel;
  const outputs = run('PerturbEach', Object.values(tensors), shared ? {} : {amounts: amount}, {
    kind,
    streams: streams.flat(),
    ...(shared ? {amount} : {}),
  });
  if (outputs !== undefined) return Object.fromEntries(names.map((name, i) => [name, outputs[i]!]));
  let i = 0;
  return mapTensors(tensors, (x) => {
    const index = i++;
    if (x.dtype !== 'float32') return x;
    return tf.tidy(() => {
      const noise = shared
        ? noiseFor(x, kind, streams[index]!, amount)
        : scaledNoiseFor(x, kind, streams[index]!, tf.reshape(tf.slice(amount, [index], [1]), []));
      return kind === 'drop' ? tf.mul(x, noise) : tf.add(x, noise);
    });
  });
}

function noiseFor({size, shape}: tf.Tensor, kind: NoiseKind, stream: WordPair, amount: number): tf.Tensor {
  return tf.tensor(counterNoise(kind, stream, size, amount), shape);
}

/** {@link noiseFor} where the amount is on the device, and stays there. */
function scaledNoiseFor(x: tf.Tensor, kind: NoiseKind, stream: WordPair, amount: tf.Tensor): tf.Tensor {
  if (kind !== 'drop') return tf.mul(noiseFor(x, kind, stream, 1), amount);
  const kept = tf.greaterEqual(noiseFor(x, 'uniform', stream, 1), tf.sub(tf.mul(amount, 2), 1));
  return tf.div(tf.cast(kept, 'float32'), tf.sub(1, amount));
}
