import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * Glorot's initialisation, normal: keeps the variance of signals and of gradients, for tanh and linear units.
 *
 *     Var(w) = 2 / (fanIn + fanOut)
 *
 * For kernels; fans as in {@link varianceScaling}. The normal distribution is cut off at 2.27 of these deviations, as in Keras: two of
 * the one that it has before it is cut off.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {glorotNormal} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'tanh', kernelInitializer: glorotNormal()});
 * ```
 * @see Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", AISTATS.
 */
export function glorotNormal(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('glorotNormal', options, {});
  return defineInitializer({
    name: 'glorotNormal',
    factory: glorotNormal,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal'}),
  });
}
