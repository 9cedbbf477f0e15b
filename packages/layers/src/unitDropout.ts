import {requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {TensorLayer} from './tensorLayer.js';

/** The options of {@link unitDropout}. */
export interface UnitDropoutOptions extends LayerOptions {
  /** Share of units that are dropped; in [0, 1). */
  readonly rate: number;
}

/**
 * Dropout of whole units: a channel is dropped at all positions of a sample, or at none.
 *
 *     y[n, …, u] = x[n, …, u] · keep[n, u] / (1 − rate) in training, y = x in prediction
 *
 * For sequences [batch, steps, units] and images [batch, height, width, channels], where neighbours tell what single entries
 * were; in [batch, units] it is common dropout. tfjs has `spatialDropout1d` for rank 3; for images its `dropout` takes
 * `noiseShape: [null, 1, 1, channels]`. The mask comes from `tf.randomUniform` without a seed: under `@gradwire/trainer` it
 * follows from its seed.
 *
 * @throws RangeError if `rate` is not in [0, 1).
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {unitDropout} from '@gradwire/layers';
 *
 * const y = unitDropout({rate: 0.5}).apply(tf.ones([1, 2, 3]), {training: true}) as tf.Tensor;
 * y.print(); // e.g. [[[2, 0, 2], [2, 0, 2]]]
 * ```
 * @see Tompson et al. (2015), "Efficient Object Localization Using Convolutional Networks", arXiv:1411.4280.
 */
export function unitDropout(options: UnitDropoutOptions): tfl.layers.Layer {
  const {rate} = requireOptions('unitDropout', options, {rate: 0.5, ...LAYER_OPTIONS});
  requireNonNegative('unitDropout', {rate});
  if (rate >= 1) throw new RangeError(`unitDropout: rate must be < 1, got ${rate}.`);
  return createLayer(UnitDropout, options, {rate});
}

export class UnitDropout extends TensorLayer<{readonly rate: number}> {
  static className = 'gradwire>UnitDropout';

  protected override compute(x: tf.Tensor, training: boolean): tf.Tensor {
    const {rate} = this.settings;
    if (!training || rate === 0) return x;
    const shape = x.shape.map((size, axis) => (axis === 0 || axis === x.rank - 1 ? size : 1));
    const isKept = tf.cast(tf.greaterEqual(tf.randomUniform(shape), rate), 'float32');
    return tf.mul(x, tf.div(isKept, 1 - rate));
  }
}
