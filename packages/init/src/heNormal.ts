import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * He's initialisation, normal: keeps the variance of signals through ReLUs, which halve it.
 *
 *     Var(w) = 2 / fanIn
 *
 * For kernels; fans as in {@link varianceScaling}. The normal distribution is cut off at 2.27 of these deviations, as in Keras: two of
 * the one that it has before it is cut off.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {heNormal} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'relu', kernelInitializer: heNormal()});
 * ```
 * @see He et al. (2015), "Delving Deep into Rectifiers", arXiv:1502.01852.
 */
export function heNormal(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('heNormal', options, {});
  return defineInitializer({
    name: 'heNormal',
    factory: heNormal,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 2, mode: 'fanIn', distribution: 'truncatedNormal'}),
  });
}
