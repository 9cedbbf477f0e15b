import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import {drawTensor} from './drawTensor.js';
import type {LayerInitializer} from './layerInitializer.js';
import {requireFinite} from './requireFinite.js';

/** The options of {@link randomUniform}. */
export interface RandomUniformOptions {
  /** Smallest value. Default -0.05. */
  readonly minval?: number;
  /** Largest value; >= `minval`. Default 0.05. */
  readonly maxval?: number;
}

/**
 * Draws from a uniform distribution of fixed bounds, whatever the layer's size.
 *
 *     w ~ U(minval, maxval),  Var(w) = (maxval − minval)² / 12
 *
 * Any shape.
 *
 * @throws RangeError if `maxval` is less than `minval`, or a number is not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {randomUniform} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], kernelInitializer: randomUniform({minval: 0, maxval: 0.1})});
 * ```
 */
export function randomUniform(options: RandomUniformOptions = {}): LayerInitializer {
  const {minval = -0.05, maxval = 0.05} = requireOptions('randomUniform', options, {
    minval: -0.05,
    maxval: 0.05,
  });
  requireFinite('randomUniform', {minval, maxval});
  if (maxval < minval) {
    throw new RangeError(`randomUniform: maxval must be >= minval, got ${maxval} and ${minval}.`);
  }
  return defineInitializer({
    name: 'randomUniform',
    factory: randomUniform,
    config: {minval, maxval},
    draw: ({shape}, seed) =>
      drawTensor(shape, seed, (random) => minval + (maxval - minval) * random.uniform()),
  });
}
