import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * He's initialisation, uniform: keeps the variance of signals through ReLUs, which halve it.
 *
 *     w ~ U(−r, r),  r = √(6 / fanIn),  Var(w) = 2 / fanIn
 *
 * For kernels; fans as in {@link varianceScaling}.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {heUniform} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'relu', kernelInitializer: heUniform()});
 * ```
 * @see He et al. (2015), "Delving Deep into Rectifiers", arXiv:1502.01852.
 */
export function heUniform(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('heUniform', options, {});
  return defineInitializer({
    name: 'heUniform',
    factory: heUniform,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 2, mode: 'fanIn', distribution: 'uniform'}),
  });
}
