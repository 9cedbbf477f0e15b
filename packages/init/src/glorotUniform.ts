import {requireOptions} from '@gradwire/core';
import {defineInitializer} from './defineInitializer.js';
import type {LayerInitializer} from './layerInitializer.js';
import {drawScaled} from './varianceScaling.js';

/**
 * Glorot's initialisation, uniform: keeps the variance of signals and of gradients, for tanh and linear units.
 *
 *     w ~ U(−r, r),  r = √(6 / (fanIn + fanOut)),  Var(w) = 2 / (fanIn + fanOut)
 *
 * For kernels; fans as in {@link varianceScaling}.
 *
 * @throws TypeError if it is given an option: there is none. A seed belongs to the model, see `reinitialize`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {glorotUniform} from '@gradwire/init';
 *
 * tf.layers.dense({units: 4, inputShape: [3], activation: 'tanh', kernelInitializer: glorotUniform()});
 * ```
 * @see Glorot, Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", AISTATS.
 */
export function glorotUniform(options: Readonly<Record<string, never>> = {}): LayerInitializer {
  requireOptions('glorotUniform', options, {});
  return defineInitializer({
    name: 'glorotUniform',
    factory: glorotUniform,
    config: {},
    draw: (spec, seed) => drawScaled(spec, seed, {scale: 1, mode: 'fanAvg', distribution: 'uniform'}),
  });
}
