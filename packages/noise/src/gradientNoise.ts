import {
  type GradientTransform,
  mapTensors,
  requireInteger,
  requireNonNegative,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {counterNormals} from './counterNormals.js';
import {deriveKey, splitNumber} from './threefry.js';

/** The options of {@link gradientNoise}. */
export interface GradientNoiseOptions {
  /** Variance of the noise at step 0, in units of the gradient squared; >= 0. The paper tries 0.01, 0.3 and 1. */
  readonly eta: number;
  /** How fast the variance decays; >= 0, where 0 keeps it. Default 0.55. */
  readonly gamma?: number;
  /** Seed of the noise; a whole number >= 0. Default: the seed of the run. */
  readonly seed?: number;
}

/**
 * Adds Gaussian noise to every gradient, less with every step.
 *
 *     g ← g + N(0, σₜ²),  σₜ² = eta / (1 + t)^gamma,  t = optimizer updates so far, from 0
 *
 * `eta` is a variance: the first deviation is √eta. The noise is a pure function of seed, parameter, step and element. It
 * is the same on every backend, in whatever order parameters come, and when a training is resumed; nothing is stored.
 * For the same reason, two of these in one chain add the same noise twice unless each has a seed of its own.
 *
 * Any shapes; holes stay holes. Gradients that are not float32 pass unchanged, and all do where `eta` is 0.
 *
 * @throws RangeError if `eta` or `gamma` is negative or not finite, or `seed` is not a whole number >= 0.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * model.compile({
 *   loss: 'meanSquaredError',
 *   optimizer: transformGradients(tf.train.sgd(0.1), gradientNoise({eta: 0.01, seed: 42})),
 * });
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * ```
 * @see Neelakantan et al. (2015), "Adding Gradient Noise Improves Learning for Very Deep Networks", arXiv:1511.06807.
 */
export function gradientNoise(options: GradientNoiseOptions): GradientTransform<undefined> {
  const {
    eta,
    gamma = 0.55,
    seed,
  } = requireOptions('gradientNoise', options, {eta: 0.3, gamma: 0.55, seed: 42});
  requireNonNegative('gradientNoise', {eta, gamma});
  if (seed !== undefined) requireInteger('gradientNoise', {seed}, 0);
  const config = {eta, gamma, ...(seed === undefined ? {} : {seed})};

  return stateless('gradientNoise', config, (grads, {step, keys, seed: runSeed}) => {
    const deviation = Math.sqrt(eta / (1 + step) ** gamma);
    if (deviation === 0) return grads;
    const run = splitNumber(seed ?? runSeed);
    return mapTensors(grads, (grad, name) => {
      if (grad.dtype !== 'float32') return grad;
      const key = keys[name];
      if (key === undefined) throw new Error(`gradientNoise: the step context has no key for '${name}'.`);
      const stream = deriveKey(deriveKey(run, [key, 0]), splitNumber(step));
      return tf.add(grad, tf.tensor(counterNormals(stream, grad.size, deviation), grad.shape));
    });
  });
}
