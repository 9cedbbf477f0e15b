import {type Initializer, requireInteger, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {allOrNothing} from './allOrNothing.js';
import {assignKernels} from './assignKernels.js';
import {calledLinearLayers} from './calledLinearLayers.js';
import {kernelOf, type LinearLayer, shapeAlongKernel} from './linearLayer.js';
import {type Batch, preActivation} from './preActivation.js';
import {randomSeed} from './randomSeed.js';
import {requireInitializer} from './requireRules.js';
import {momentsOfUnits, type UnitMoments} from './unitMoments.js';

/** The options of {@link dataDependent}. */
export interface DataDependentOptions {
  /** What kernels are drawn from first, e.g. `randomNormal()`. Default `'keep'`: they keep their directions. */
  readonly initializer?: Initializer | 'keep';
  /** Which kernels are drawn; a whole number >= 0. Without it they are others every time. */
  readonly seed?: number;
}

/** What {@link dataDependent} has found of a layer, before it scaled it. */
export interface DataDependentLayer {
  readonly layer: string;
  readonly units: number;
  /** Smallest standard deviation of a unit over the batch. */
  readonly smallestDeviation: number;
  /** Largest standard deviation of a unit over the batch. */
  readonly largestDeviation: number;
}

/**
 * Scales and shifts every unit, so that over the batch it has mean 0 and variance 1 before its activation.
 *
 *     W[…, u] ← W[…, u] / σᵤ,  b[u] ← (b[u] − μᵤ) / σᵤ
 *
 * μᵤ and σᵤ are mean and deviation over batch and places. For dense and convolutional layers (transposed, depthwise, separable), in nested models
 * and residual blocks too, in the order in which they are called; a layer without bias is scaled only. Others stay as they are, as do frozen
 * layers. Inference mode. If something throws, all weights are as before.
 *
 * @param model what is to be initialised; it may have been trained or loaded.
 * @param batch inputs of the model.
 * @param options initializer and seed.
 * @returns a report of each layer, in order.
 * @throws Error if a unit is constant over the batch, or no layer is to be scaled.
 * @throws RangeError if `seed` is no whole number.
 * @throws TypeError if `options` has an unknown key, or `batch` does not fit the model's inputs.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {dataDependent, randomNormal} from '@gradwire/init';
 *
 * const hidden = () => tf.layers.dense({units: 8, activation: 'relu', inputShape: [8]});
 * const model = tf.sequential({layers: [hidden(), hidden(), tf.layers.dense({units: 1})]});
 * const options = {initializer: randomNormal({stddev: 0.05}), seed: 42};
 * console.table(await dataDependent(model, tf.randomNormal([64, 8]), options));
 * ```
 * @see Salimans, Kingma (2016), "Weight Normalization", arXiv:1602.07868, section 3; Krähenbühl et al. (2016), "Data-dependent
 * Initializations of Convolutional Neural Networks", arXiv:1511.06856, whose second part, the change from layer to layer, is not done here.
 */
export async function dataDependent(
  model: tfl.LayersModel,
  batch: Batch,
  options: DataDependentOptions = {},
): Promise<DataDependentLayer[]> {
  const {initializer = 'keep', seed = randomSeed()} = requireOptions(
    'dataDependent',
    options,
    {initializer: 'randomNormal()', seed: 42},
    'model, batch, ',
  );
  requireInteger('dataDependent', {seed}, 0);
  if (initializer !== 'keep') requireInitializer('dataDependent', 'initializer', initializer);
  const layers = calledLinearLayers('dataDependent', model, batch);
  const variables = layers.flatMap(({kernels, bias}) => (bias === undefined ? kernels : [...kernels, bias]));
  return allOrNothing(variables, async () => {
    assignKernels('dataDependent', layers, initializer, seed);
    const report: DataDependentLayer[] = [];
    for (const linear of layers) {
      const output = preActivation(model, batch, linear.layer);
      const moments = await momentsOfUnits(output, linear);
      requireVaried(moments, linear.name);
      standardize(linear, moments);
      report.push(describe(linear, moments));
    }
    return report;
  });
}

function requireVaried({means, deviations}: UnitMoments, layer: string): void {
  // What rounding makes of a constant is not varied.
  const constant = deviations.filter(
    (deviation, i) => !(deviation > 1e-6 * Math.abs(means[i]!) && deviation < Infinity),
  );
  if (constant.length === 0) return;
  throw new Error(
    `dataDependent: ${constant.length} of ${deviations.length} units of layer '${layer}' are constant on this batch, or not finite. ` +
      'Their inputs are dead, or the batch has too few samples.',
  );
}

function standardize(linear: LinearLayer, {means, deviations}: UnitMoments): void {
  tf.tidy(() => {
    const kernel = kernelOf(linear);
    kernel.assign(tf.div(kernel, tf.tensor(deviations as number[], shapeAlongKernel(linear))));
    const {bias} = linear;
    bias?.assign(tf.div(tf.sub(bias, tf.tensor1d(means as number[])), tf.tensor1d(deviations as number[])));
  });
}

function describe({name}: LinearLayer, {deviations}: UnitMoments): DataDependentLayer {
  const sorted = [...deviations].sort((a, b) => a - b);
  return {
    layer: name,
    units: sorted.length,
    smallestDeviation: sorted[0]!,
    largestDeviation: sorted.at(-1)!,
  };
}
