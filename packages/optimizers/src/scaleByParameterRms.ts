import {
  divideEach,
  type GradientTransform,
  mapTensors,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {rmsOfEach} from './rmsOfEach.js';

/** The options of {@link scaleByParameterRms}. */
export interface ScaleByParameterRmsOptions {
  /** What smaller parameters count as, so that zeros can move; > 0, in units of the weights, default 1e-3. */
  readonly minScale?: number;
}

/**
 * Scales each gradient by the size of the weights that it changes.
 *
 *     gᵢ ← gᵢ · max(minScale, RMS(wᵢ)),   RMS(w) = ‖w‖₂ / √(number of entries)
 *
 * After something that fixes the size of gradients, the learning rate is a share of the weights then. Any shapes; holes stay holes.
 * On backends with joint kernels (cpu, wasm prepared by `@gradwire/wasm`) 5 kernels for all parameters together.
 *
 * @throws RangeError if `minScale` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByParameterRms} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor1d([1, -7]), true, 'scaleByParameterRmsExample'); // its RMS is 5
 * const optimizer = transformGradients(tf.train.sgd(0.01), scaleByParameterRms());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print(); // [0.9, -6.3]
 * ```
 * @see Shazeer, Stern (2018), arXiv:1804.04235, section 8.
 */
export function scaleByParameterRms(options: ScaleByParameterRmsOptions = {}): GradientTransform<undefined> {
  const {minScale = 1e-3} = requireOptions('scaleByParameterRms', options, {minScale: 1e-3});
  requirePositive('scaleByParameterRms', {minScale});
  return stateless('scaleByParameterRms', {minScale}, (grads, {params}) => {
    const sizes = rmsOfEach(mapTensors(grads, (_, name) => params[name]!));
    return divideEach(grads, tf.reciprocal(tf.maximum(sizes, minScale)));
  });
}
