import {describeValue, requireInteger, requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link withGaussianNoise}. */
export interface WithGaussianNoiseOptions {
  /** Standard deviation of the noise; >= 0, in units of the data. */
  readonly stddev: number;
  /** Which noise: the same seed gives the same, on every backend; a whole number >= 0. Default 0. */
  readonly seed?: number;
}

/**
 * Adds Gaussian noise to data once, before training.
 *
 *     data + N(0, stddev²), independent for every entry
 *
 * Values are not clipped: pixels leave [0, 1]. The layer `tf.layers.gaussianNoise` adds new noise in every step instead. The
 * numbers come from `tf.randomNormal`, which makes them in JavaScript on every backend.
 *
 * @param data any shape; stays as it is.
 * @returns a new tensor of the same shape.
 * @throws RangeError if `stddev` is negative or not finite, or `seed` no whole number >= 0.
 * @throws TypeError if `data` is no tensor of float32, or `options` no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {withGaussianNoise} from '@gradwire/layers';
 *
 * const images = tf.zeros([4, 28, 28]);
 * const noisy = withGaussianNoise(images, {stddev: 0.05, seed: 42});
 * ```
 * @see Sietsma, Dow (1991), "Creating Artificial Neural Networks That Generalize".
 */
export function withGaussianNoise<T extends tf.Tensor>(data: T, options: WithGaussianNoiseOptions): T {
  const known = {stddev: 0.05, seed: 42};
  const {stddev, seed = 0} = requireOptions('withGaussianNoise', options, known, 'data, ');
  requireNonNegative('withGaussianNoise', {stddev});
  requireInteger('withGaussianNoise', {seed}, 0);
  if (!(data instanceof tf.Tensor) || data.dtype !== 'float32') {
    const got = data instanceof tf.Tensor ? data.dtype : describeValue(data);
    throw new TypeError(`withGaussianNoise: data must be a tensor of float32, got ${got}.`);
  }
  // tfjs takes a seed of 0 for none.
  return tf.tidy(() => tf.add(data, tf.randomNormal(data.shape, 0, stddev, 'float32', seed + 1)));
}
