import {type ParamSpec, requireNonNegative, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {RandomStream} from './randomStream.js';
import {shapeOf} from './shapeOf.js';

/** The options of {@link sparse}. */
export interface SparseOptions {
  /** Share of the weights into each unit that is 0; from 0 to 1. */
  readonly sparsity: number;
  /** Standard deviation of the others; >= 0. Default 0.01. */
  readonly stddev?: number;
}

/**
 * Gives each unit a few inputs and zeros for the others, so that units differ and none is driven by all inputs at once.
 *
 *     ⌈sparsity · n⌉ of the n weights of a unit are 0, the others ~ N(0, stddev²)
 *
 * For kernels (…, out), where n counts all inputs of a unit. PyTorch's `sparse_` does the same to the columns of a matrix; its kernels
 * lie as (out, in), so there it is the outputs of each input.
 *
 * @throws RangeError if `sparsity` is not from 0 to 1, or `stddev` is negative.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error, when it is used, for vectors and scalars.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {sparse} from '@gradwire/init';
 *
 * // 15 of 100 inputs for each unit.
 * tf.layers.dense({units: 8, inputShape: [100], kernelInitializer: sparse({sparsity: 0.85, stddev: 0.25})});
 * ```
 * @see Martens (2010), "Deep learning via Hessian-free optimization", ICML.
 */
export function sparse(options: SparseOptions): LayerInitializer {
  const {sparsity, stddev = 0.01} = requireOptions('sparse', options, {sparsity: 0.9, stddev: 0.01});
  requireNonNegative('sparse', {sparsity, stddev});
  if (sparsity > 1) throw new RangeError(`sparse: sparsity must be <= 1, got ${sparsity}.`);
  return defineInitializer({
    name: 'sparse',
    factory: sparse,
    config: {sparsity, stddev},
    draw: (spec, seed) => drawSparse(spec, seed, {sparsity, stddev}),
  });
}

function drawSparse(spec: ParamSpec, seed: number, {sparsity, stddev}: Required<SparseOptions>): tf.Tensor {
  const {shape} = spec;
  const units = shape.at(-1);
  if (units === undefined || shape.length < 2) {
    throw new Error(`sparse: a kernel of two axes or more is needed, got ${shapeOf(spec)}.`);
  }
  const random = new RandomStream(seed);
  const inputs = tf.util.sizeFromShape(shape.slice(0, -1));
  // 0.1 · 30 is more than 3 in floating point.
  const zeros = Math.ceil(sparsity * inputs - 1e-9);
  const values = Float32Array.from({length: inputs * units}, () => stddev * random.normal());
  const order = Uint32Array.from({length: inputs}, (_, i) => i);
  for (let unit = 0; unit < units; unit++) {
    // The first steps of a shuffle; any order to begin with is as good as another.
    for (let i = 0; i < zeros; i++) {
      const other = i + random.integer(inputs - i);
      [order[i], order[other]] = [order[other]!, order[i]!];
      values[order[i]! * units + unit] = 0;
    }
  }
  return tf.tensor(values, [...shape]);
}
