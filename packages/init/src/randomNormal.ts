import {requireNonNegative, requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import {drawTensor} from './drawTensor.js';
import type {LayerInitializer} from './layerInitializer.js';
import {requireFinite} from './requireFinite.js';

/** The options of {@link randomNormal}. */
export interface RandomNormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation; >= 0, and 0 is no noise at all. Default 0.05. */
  readonly stddev?: number;
}

/**
 * Draws from a normal distribution of fixed deviation, whatever the layer's size.
 *
 *     w ~ N(mean, stddev²)
 *
 * Any shape.
 *
 * @throws RangeError if `stddev` is negative, or a number is not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomNormal} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], kernelInitializer: randomNormal({stddev: 1})});
 * ```
 */
export function randomNormal(options: RandomNormalOptions = {}): LayerInitializer {
  const {mean = 0, stddev = 0.05} = requireOptions('randomNormal', options, {mean: 0, stddev: 0.05});
  requireFinite('randomNormal', {mean});
  requireNonNegative('randomNormal', {stddev});
  return defineInitializer({
    name: 'randomNormal',
    factory: randomNormal,
    config: {mean, stddev},
    draw: ({shape}, seed) => drawTensor(shape, seed, (random) => mean + stddev * random.normal()),
  });
}
