import {requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {requireFinite} from './requireFinite.js';

/** The options of {@link constant}. */
export interface ConstantOptions {
  /** Of all entries. */
  readonly value: number;
}

/**
 * Fills with one value: for biases, and for scales of normalisation layers.
 *
 *     w = value
 *
 * Any shape.
 *
 * @throws RangeError if `value` is not a finite number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {constant} from '@gradwire/init';
 *
 * // ReLUs that are on at first.
 * tf.layers.dense({units: 4, inputShape: [3], biasInitializer: constant({value: 0.1})});
 * ```
 */
export function constant(options: ConstantOptions): LayerInitializer {
  const {value} = requireOptions('constant', options, {value: 0.1});
  requireFinite('constant', {value});
  return defineInitializer({
    name: 'constant',
    factory: constant,
    config: {value},
    draw: ({shape}) => tf.fill([...shape], value),
  });
}
