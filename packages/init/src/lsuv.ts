import {
  type Initializer,
  momentsOfEach,
  requireInteger,
  requireOptions,
  requirePositive,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {allOrNothing} from './allOrNothing.js';
import {assignKernels} from './assignKernels.js';
import {calledLinearLayers} from './calledLinearLayers.js';
import {kernelOf, type LinearLayer} from './linearLayer.js';
import {orthogonal} from './orthogonal.js';
import {type Batch, preActivation} from './preActivation.js';
import {randomSeed} from './randomSeed.js';
import {requireInitializer} from './requireRules.js';

/** The options of {@link lsuv}. */
export interface LsuvOptions {
  /** What kernels are drawn from first; `'keep'` leaves them as they are. Default `orthogonal()`. */
  readonly initializer?: Initializer | 'keep';
  /** By how much a variance may differ from 1; > 0. Default 0.1. */
  readonly tolerance?: number;
  /** How often a kernel is scaled at most. Default 10. */
  readonly maxIterations?: number;
  /** Which kernels are drawn; a whole number >= 0. Without it they are others every time. */
  readonly seed?: number;
}

/** What {@link lsuv} has done to a layer. */
export interface LsuvLayer {
  readonly layer: string;
  /** Of its output before the activation, over batch, places and units together; at the end. */
  readonly variance: number;
  /** How often its kernel has been scaled. */
  readonly iterations: number;
}

/**
 * Layer-sequential unit variance: scales kernels, one layer after the other, until each layer's output has variance 1.
 *
 *     W ← W / √Var(y) until |Var(y) − 1| <= tolerance,  y the output for the batch before the activation
 *
 * For dense and convolutional layers (transposed, depthwise, separable), in nested models and residual blocks too, in the order in which they
 * are called; others stay as they are. So do frozen layers and biases. Each measurement is a forward pass in inference mode up to the
 * layer. Sixteen samples or more, as in training. If something throws, all weights are as before.
 *
 * @param model what is to be initialised; it may have been trained or loaded.
 * @param batch inputs of the model.
 * @param options tolerance, initializer and seed.
 * @returns a report of each layer, in order; a variance that never came within the tolerance is in it.
 * @throws Error if a layer returns one value everywhere, or none is to be scaled.
 * @throws RangeError if a number is out of range.
 * @throws TypeError if `options` has an unknown key, or `batch` does not fit the model's inputs.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {lsuv} from '@gradwire/init';
 *
 * const hidden = () => tf.layers.dense({units: 8, activation: 'tanh', inputShape: [8]});
 * const model = tf.sequential({layers: [hidden(), hidden(), tf.layers.dense({units: 1})]});
 * console.table(await lsuv(model, tf.randomNormal([64, 8]), {seed: 42}));
 * ```
 * @see Mishkin, Matas (2016), "All you need is a good init", arXiv:1511.06422.
 */
export async function lsuv(
  model: tfl.LayersModel,
  batch: Batch,
  options: LsuvOptions = {},
): Promise<LsuvLayer[]> {
  const {
    initializer = orthogonal(),
    tolerance = 0.1,
    maxIterations = 10,
    seed = randomSeed(),
  } = requireOptions(
    'lsuv',
    options,
    {initializer: 'orthogonal()', tolerance: 0.1, maxIterations: 10, seed: 42},
    'model, batch, ',
  );
  requirePositive('lsuv', {tolerance});
  requireInteger('lsuv', {maxIterations, seed}, 0);
  if (initializer !== 'keep') requireInitializer('lsuv', 'initializer', initializer);
  const layers = calledLinearLayers('lsuv', model, batch);
  return allOrNothing(
    layers.flatMap(({kernels}) => kernels),
    async () => {
      assignKernels('lsuv', layers, initializer, seed);
      const report: LsuvLayer[] = [];
      for (const layer of layers) {
        report.push(await scaleToUnitVariance(model, batch, layer, {tolerance, maxIterations}));
      }
      return report;
    },
  );
}

async function scaleToUnitVariance(
  model: tfl.LayersModel,
  batch: Batch,
  linear: LinearLayer,
  {tolerance, maxIterations}: {tolerance: number; maxIterations: number},
): Promise<LsuvLayer> {
  const measure = (): Promise<number> => varianceOf(preActivation(model, batch, linear.layer), linear.name);
  let variance = await measure();
  let iterations = 0;
  while (Math.abs(variance - 1) > tolerance && iterations < maxIterations) {
    const kernel = kernelOf(linear);
    const deviation = Math.sqrt(variance);
    tf.tidy(() => kernel.assign(tf.div(kernel, deviation)));
    iterations++;
    variance = await measure();
  }
  return {layer: linear.name, variance, iterations};
}

/** Disposes what it is given. */
async function varianceOf(output: tf.Tensor, layer: string): Promise<number> {
  const deviation = tf.tidy(() => momentsOfEach({output}).deviations);
  const {size} = output;
  output.dispose();
  try {
    const variance = ((await deviation.data())[0]! ** 2 * (size - 1)) / size;
    if (variance > 0 && Number.isFinite(variance)) return variance;
    throw new Error(
      `lsuv: layer '${layer}' returns a variance of ${variance}. ` +
        'Its inputs are dead or not finite, or the batch has too few samples.',
    );
  } finally {
    deviation.dispose();
  }
}
