import {type ParamSpec, requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {orthogonalColumns} from './orthogonalMatrix.js';
import {shapeOf} from './shapeOf.js';

/** The options of {@link deltaOrthogonal}. */
export interface DeltaOrthogonalOptions {
  /** What lengths are multiplied by; > 0. See `gain` for an activation's. Default 1. */
  readonly gain?: number;
}

/**
 * A convolution that rotates the channels of each pixel and leaves its neighbours out: it keeps the length of whole images.
 *
 *     w[centre] = gain · (rows of a random rotation),  w elsewhere = 0
 *
 * For kernels (…, in, out) of 1D, 2D and 3D convolutions with out >= in. The centre is (size − 1) / 2, rounded down.
 *
 * @throws RangeError if `gain` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error, when it is used, for other shapes.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {deltaOrthogonal} from '@gradwire/init';
 *
 * tf.layers.conv2d({filters: 8, kernelSize: 3, inputShape: [9, 9, 4], kernelInitializer: deltaOrthogonal()});
 * ```
 * @see Xiao et al. (2018), "Dynamical Isometry and a Mean Field Theory of CNNs", arXiv:1806.05393.
 */
export function deltaOrthogonal(options: DeltaOrthogonalOptions = {}): LayerInitializer {
  const {gain = 1} = requireOptions('deltaOrthogonal', options, {gain: 1});
  requirePositive('deltaOrthogonal', {gain});
  return defineInitializer({
    name: 'deltaOrthogonal',
    factory: deltaOrthogonal,
    config: {gain},
    draw: (spec, seed) => drawDelta(spec, seed, gain),
  });
}

function drawDelta(spec: ParamSpec, seed: number, gain: number): tf.Tensor {
  const {shape} = spec;
  const window = shape.slice(0, -2);
  const [inputs, outputs] = shape.slice(-2);
  if (inputs === undefined || outputs === undefined || window.length < 1 || window.length > 3) {
    throw new Error(`deltaOrthogonal: a convolution's kernel is needed, got ${shapeOf(spec)}.`);
  }
  if (inputs > outputs) {
    throw new Error(
      `deltaOrthogonal: there must be as many outputs as inputs at least, got ${shapeOf(spec)}.`,
    );
  }
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  const centre = window.reduce((index, size) => index * size + Math.floor((size - 1) / 2), 0);
  const offset = centre * inputs * outputs;
  orthogonalColumns(outputs, inputs, seed).forEach((column, input) => {
    for (const [output, value] of column.entries()) values[offset + input * outputs + output] = gain * value;
  });
  return tf.tensor(values, [...shape]);
}
