import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * LeCun's initialisation, uniform: keeps the variance of signals through linear units.
 *
 *     w ~ U(−r, r),  r = √(3 / fanIn),  Var(w) = 1 / fanIn
 *
 * For kernels; fans as in {@link varianceScaling}.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {leCunUniform} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'selu', kernelInitializer: leCunUniform()});
 * ```
 * @see LeCun et al. (1998), "Efficient BackProp".
 */
export function leCunUniform(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('leCunUniform', options, {});
  return defineInitializer({
    name: 'leCunUniform',
    factory: leCunUniform,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 1, mode: 'fanIn', distribution: 'uniform'}),
  });
}
