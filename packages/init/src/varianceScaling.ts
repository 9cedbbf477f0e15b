import {describeValue, type ParamSpec, requireOptions, requirePositive} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import {defineInitializer} from './defineInitializer.js';
import {drawTensor} from './drawTensor.js';
import {fansOf} from './fansOf.js';
import type {LayerInitializer} from './layerInitializer.js';
import type {RandomStream} from './randomStream.js';

/** The options of {@link varianceScaling}. */
export interface VarianceScalingOptions {
  /** The variance times the fan; > 0. Default 1. */
  readonly scale?: number;
  /** Which fan: inputs of a unit, units of an input, or the mean of both. Default `'fanIn'`. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** Of which form; the variance is the same with all three. Default `'truncatedNormal'`. */
  readonly distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform';
}

/** The deviation of a normal number that is at most 2 away from its mean. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

const FANS = {
  fanIn: (spec: ParamSpec) => fansOf(spec).fanIn,
  fanOut: (spec: ParamSpec) => fansOf(spec).fanOut,
  fanAvg: (spec: ParamSpec) => (fansOf(spec).fanIn + fansOf(spec).fanOut) / 2,
};

/** Of mean 0 and deviation 1. */
const DISTRIBUTIONS = {
  truncatedNormal: (random: RandomStream) => random.truncatedNormal() / TRUNCATED_DEVIATION,
  untruncatedNormal: (random: RandomStream) => random.normal(),
  uniform: (random: RandomStream) => Math.sqrt(3) * (2 * random.uniform() - 1),
};

/**
 * Draws weights whose variance goes by the fan: what all of Glorot's, He's and LeCun's initializers are.
 *
 *     Var(w) = scale / fan,  fan = fanIn, fanOut or (fanIn + fanOut) / 2
 *
 * The truncated normal ends at two of its own deviations before truncation and is widened so that the variance is the
 * one above, as in Keras; tfjs's own is not, and falls short of it by 23%. Fans are those of `paramSpec`: dense (in, out), convolution
 * (h, w, in, out), and for a vector its length. A depthwise kernel (h, w, in, multiplier) has h·w inputs a unit where its
 * name is known, which is everywhere but inside of tfjs's layers.
 *
 * @throws RangeError if `scale` is not a positive number, or there is no such mode or distribution.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gain, varianceScaling} from '@gradwire/init';
 *
 * // He's for leaky ReLU with a slope of 0.2, by the number of outputs.
 * const kernelInitializer = varianceScaling({scale: gain('leakyRelu', 0.2) ** 2, mode: 'fanOut'});
 * tf.layers.dense({units: 4, inputShape: [3], kernelInitializer});
 * ```
 * @see He et al. (2015), "Delving Deep into Rectifiers", arXiv:1502.01852.
 */
export function varianceScaling(options: VarianceScalingOptions = {}): LayerInitializer {
  const {
    scale = 1,
    mode = 'fanIn',
    distribution = 'truncatedNormal',
  } = requireOptions('varianceScaling', options, {
    scale: 2,
    mode: "'fanIn'",
    distribution: "'truncatedNormal'",
  });
  requirePositive('varianceScaling', {scale});
  requireOneOf('mode', mode, FANS);
  requireOneOf('distribution', distribution, DISTRIBUTIONS);
  return defineInitializer({
    name: 'varianceScaling',
    factory: varianceScaling,
    config: {scale, mode, distribution},
    draw: (spec, seed) => drawScaled(spec, seed, {scale, mode, distribution}),
  });
}

/** The values that {@link varianceScaling} draws. */
export function drawScaled(
  spec: ParamSpec,
  seed: number,
  {scale, mode, distribution}: Required<VarianceScalingOptions>,
): tf.Tensor {
  // A kernel may have no inputs at all; then it has no entries either.
  const deviation = Math.sqrt(scale / Math.max(1, FANS[mode](spec)));
  return drawTensor(spec.shape, seed, (random) => deviation * DISTRIBUTIONS[distribution](random));
}

function requireOneOf(option: string, value: string, known: object): void {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return;
  throw new RangeError(
    `varianceScaling: ${option} must be one of ${Object.keys(known).join(', ')}, got ${describeValue(value)}.`,
  );
}
