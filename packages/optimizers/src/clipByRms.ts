import {divideEach, type GradientTransform, requireOptions, requirePositive, stateless} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {rmsOfEach} from './rmsOfEach.js';

/** The options of {@link clipByRms}. */
export interface ClipByRmsOptions {
  /** Largest root mean square that passes unchanged; > 0, default 1. */
  readonly threshold?: number;
}

/**
 * Scales each gradient so that the root of the mean of its squares is at most `threshold`.
 *
 *     gᵢ ← gᵢ / max(1, RMS(gᵢ) / threshold),   RMS(g) = ‖g‖₂ / √(number of entries)
 *
 * Keeps the direction of each gradient. Any shapes; holes stay holes. Squares neither overflow nor underflow. On backends with joint
 * kernels (cpu, wasm prepared by `@gradwire/wasm`) 5 kernels for all parameters together.
 *
 * @throws RangeError if `threshold` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByRms} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([2, -14]), true, 'clipByRmsExample');
 * const optimizer = transformGradients(tf.train.sgd(1), clipByRms());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [4, -28], its RMS 20
 * w.print(); // [1.8, -12.6]
 * ```
 * @see Shazeer, Stern (2018), arXiv:1804.04235, section 6.
 */
export function clipByRms(options: ClipByRmsOptions = {}): GradientTransform<undefined> {
  const {threshold = 1} = requireOptions('clipByRms', options, {threshold: 1});
  requirePositive('clipByRms', {threshold});
  return stateless(
    'clipByRms',
    {threshold},
    (grads) => divideEach(grads, tf.maximum(tf.div(rmsOfEach(grads), threshold), 1)),
    {kind: 'clip', scope: 'parameter'},
  );
}
