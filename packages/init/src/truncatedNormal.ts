import {requireNonNegative, requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import {drawTensor} from './drawTensor.js';
import type {LayerInitializer} from './layerInitializer.js';
import {requireFinite} from './requireFinite.js';

/** The options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation before truncation; >= 0. Default 0.05. */
  readonly stddev?: number;
}

/**
 * Draws from a normal distribution, and again what is further than two deviations from the mean.
 *
 *     w ~ N(mean, stddev²) given |w − mean| <= 2 · stddev;  the deviation of that is 0.8796 · stddev
 *
 * Any shape. As in Keras, `stddev` is the one before truncation; {@link varianceScaling} makes up for the difference.
 *
 * @throws RangeError if `stddev` is negative, or a number is not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {truncatedNormal} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], kernelInitializer: truncatedNormal({stddev: 0.1})});
 * ```
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): LayerInitializer {
  const {mean = 0, stddev = 0.05} = requireOptions('truncatedNormal', options, {mean: 0, stddev: 0.05});
  requireFinite('truncatedNormal', {mean});
  requireNonNegative('truncatedNormal', {stddev});
  return defineInitializer({
    name: 'truncatedNormal',
    factory: truncatedNormal,
    config: {mean, stddev},
    draw: ({shape}, seed) => drawTensor(shape, seed, (random) => mean + stddev * random.truncatedNormal()),
  });
}
