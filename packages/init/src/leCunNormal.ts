import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * LeCun's initialisation, normal: keeps the variance of signals through linear units; the one for SELU.
 *
 *     Var(w) = 1 / fanIn
 *
 * For kernels; fans as in {@link varianceScaling}. The normal distribution is cut off at 2.27 of these deviations, as in Keras: two of
 * the one that it has before it is cut off.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {leCunNormal} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'selu', kernelInitializer: leCunNormal()});
 * ```
 * @see LeCun et al. (1998), "Efficient BackProp"; Klambauer et al. (2017), "Self-Normalizing Neural Networks", arXiv:1706.02515.
 */
export function leCunNormal(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('leCunNormal', options, {});
  return defineInitializer({
    name: 'leCunNormal',
    factory: leCunNormal,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 1, mode: 'fanIn', distribution: 'truncatedNormal'}),
  });
}
