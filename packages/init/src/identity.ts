import {requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {shapeOf} from './shapeOf.js';

/** The options of {@link identity}. */
export interface IdentityOptions {
  /** What inputs are multiplied by; > 0. Default 1. */
  readonly gain?: number;
}

/**
 * Units that hand on their inputs: ones on the diagonal, for deep linear stacks and recurrent kernels.
 *
 *     w = gain · I
 *
 * For matrices (in, out); where these differ, what has no partner gets zeros. Convolutions: {@link deltaOrthogonal}.
 *
 * @throws RangeError if `gain` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error, when it is used, for other shapes.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {identity} from '@gradwire/init';
 *
 * tf.layers.simpleRNN({units: 4, activation: 'relu', recurrentInitializer: identity()});
 * ```
 * @see Le, Jaitly, Hinton (2015), "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
 * arXiv:1504.00941.
 */
export function identity(options: IdentityOptions = {}): LayerInitializer {
  const {gain = 1} = requireOptions('identity', options, {gain: 1});
  requirePositive('identity', {gain});
  return defineInitializer({
    name: 'identity',
    factory: identity,
    config: {gain},
    draw(spec) {
      const [rows, columns, ...more] = spec.shape;
      if (rows === undefined || columns === undefined || more.length > 0) {
        throw new Error(`identity: a matrix is needed, got ${shapeOf(spec)}.`);
      }
      return tf.mul(gain, tf.eye(rows, columns));
    },
  });
}
