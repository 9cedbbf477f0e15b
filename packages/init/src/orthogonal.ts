import {type ParamSpec, requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {orthogonalColumns} from './orthogonalMatrix.js';
import {shapeOf} from './shapeOf.js';

/** The options of {@link orthogonal}. */
export interface OrthogonalOptions {
  /** What lengths are multiplied by; > 0. See `gain` for an activation's. Default 1. */
  readonly gain?: number;
}

/**
 * A random rotation: signals and gradients keep their length exactly, not only on average.
 *
 *     Wᵀ W = gain² · I  (W Wᵀ where there are more outputs than inputs),  W uniform among all such matrices
 *
 * A kernel is taken as the matrix of all its inputs by its outputs: convolutions (h·w·in, out). A kernel of 1024 x 1024 takes
 * about 1.4 · 10⁹ multiplications.
 *
 * @throws RangeError if `gain` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error, when it is used, for vectors and scalars.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gain, orthogonal} from '@gradwire/init';
 *
 * const kernelInitializer = orthogonal({gain: gain('tanh')});
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'tanh', kernelInitializer});
 * ```
 * @see Saxe, McClelland, Ganguli (2013), "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", arXiv:1312.6120; Stewart (1980), "The Efficient Generation of Random Orthogonal Matrices", SIAM J. Numer. Anal. 17.
 */
export function orthogonal(options: OrthogonalOptions = {}): LayerInitializer {
  const {gain = 1} = requireOptions('orthogonal', options, {gain: 1});
  requirePositive('orthogonal', {gain});
  return defineInitializer({
    name: 'orthogonal',
    factory: orthogonal,
    config: {gain},
    draw: (spec, seed) => drawOrthogonal(spec, seed, gain),
  });
}

function drawOrthogonal(spec: ParamSpec, seed: number, gain: number): tf.Tensor {
  const {shape} = spec;
  const outputs = shape.at(-1);
  if (outputs === undefined || shape.length < 2) {
    throw new Error(`orthogonal: a kernel of two axes or more is needed, got ${shapeOf(spec)}.`);
  }
  const inputs = tf.util.sizeFromShape(shape.slice(0, -1));
  const isTall = inputs >= outputs;
  const columns = orthogonalColumns(Math.max(inputs, outputs), Math.min(inputs, outputs), seed);
  const values = new Float32Array(inputs * outputs);
  columns.forEach((column, c) => {
    for (const [r, value] of column.entries()) {
      values[isTall ? r * outputs + c : c * outputs + r] = gain * value;
    }
  });
  return tf.tensor(values, [...shape]);
}
