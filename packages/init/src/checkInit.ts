import {mapTensors, momentsOfEach, requireInteger, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {requireBatch} from './calledLinearLayers.js';
import type {Batch} from './preActivation.js';
import {variablesOf} from './variablesOf.js';
import {type VarianceProbe, varianceProbe} from './varianceProbe.js';

/** The options of {@link checkInit}. */
export interface CheckInitOptions {
  /** Which gradient comes in at the outputs; a whole number >= 0. Default 0. */
  readonly seed?: number;
  /**
   * Whether layers act as in training: batch normalisation by the batch, and dropout, which is drawn anew every time. Moving averages are put
   * back. Default false.
   */
  readonly training?: boolean;
}

/** What {@link checkInit} finds of a layer. */
export interface LayerVariance {
  /** Variance of its output. */
  readonly forward: number;
  /** Variance of the gradient with respect to its output. */
  readonly backward: number;
  /** `forward` over that of the layer before it; of the first layer, over the variance of the batch (of its first tensor). */
  readonly forwardRatio: number;
  /** `backward` over that of the layer after it, which the last has not: what has become of the gradient on its way back. */
  readonly backwardRatio?: number;
}

/**
 * How signals and gradients change in size from layer to layer: a good initialisation keeps both near 1, in ratios and over all.
 *
 *     forward = Var(y),  backward = Var(∂(Σ r · outputs) / ∂y),  r ~ N(0, 1)
 *
 * Of each layer that computes, in the order in which they are called; layers of nested models are `outer/inner`. Where a layer is called more than once,
 * it is its first call, and of several outputs the first. Variances are those of all entries together, n − 1 in the denominator, rounded to four
 * digits. The gradient that comes in at the outputs is random, so no targets and no loss are needed. A layer that the outputs do not depend on has
 * a backward variance of 0.
 *
 * The model does not change. Layers whose output is no float32 are left out.
 *
 * @param model what is to be checked.
 * @param batch inputs of the model.
 * @param options seed and mode.
 * @returns by layer; `console.table` prints it in 80 columns where names have at most 21 characters.
 * @throws RangeError if `seed` is no whole number.
 * @throws TypeError if `options` has an unknown key, or `batch` does not fit the model's inputs.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {checkInit, heNormal} from '@gradwire/init';
 *
 * const hidden = () =>
 *   tf.layers.dense({units: 64, activation: 'relu', kernelInitializer: heNormal(), inputShape: [64]});
 * const model = tf.sequential({layers: [hidden(), hidden(), hidden()]});
 * console.table(await checkInit(model, tf.randomNormal([64, 64])));
 * ```
 */
export async function checkInit(
  model: tfl.LayersModel,
  batch: Batch,
  options: CheckInitOptions = {},
): Promise<Record<string, LayerVariance>> {
  const {seed = 0, training = false} = requireOptions(
    'checkInit',
    options,
    {seed: 42, training: 'true'},
    'model, batch, ',
  );
  requireInteger('checkInit', {seed}, 0);
  const variables = variablesOf(model);
  requireBatch('checkInit', model, batch);
  const {names, table} = tf.tidy(() => {
    const before = training ? variables.map((variable) => ({variable, value: tf.clone(variable)})) : [];
    try {
      return deviationsOf(batch, varianceProbe(model, batch, {seed, training}));
    } finally {
      for (const {variable, value} of before) variable.assign(value);
    }
  });
  try {
    return describe(names, [...(await table.data())]);
  } finally {
    table.dispose();
  }
}

/** The deviation of the batch, those of all outputs and those of all gradients, one after the other. Disposes what was probed. */
function deviationsOf(
  batch: Batch,
  {outputs, gradients}: VarianceProbe,
): {names: string[]; table: tf.Tensor} {
  const names = Object.keys(outputs);
  try {
    const backward = mapTensors(outputs, (output, name) => gradients[name] ?? tf.zeros([output.size]));
    const input = tf.cast([batch].flat()[0]!, 'float32');
    const deviations = [{input}, outputs, backward].map((tensors) => momentsOfEach(tensors).deviations);
    return {names, table: tf.concat(deviations)};
  } finally {
    tf.dispose([outputs, gradients]);
  }
}

function describe(names: readonly string[], deviations: readonly number[]): Record<string, LayerVariance> {
  const variances = deviations.map((deviation) => deviation ** 2);
  // One longer than the list of names, as the batch comes before the first layer.
  const forward = variances.slice(0, names.length + 1);
  const backward = variances.slice(names.length + 1);
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      {
        forward: round(forward[i + 1]!),
        backward: round(backward[i]!),
        forwardRatio: round(forward[i + 1]! / forward[i]!),
        ...(i + 1 < names.length && {backwardRatio: round(backward[i]! / backward[i + 1]!)}),
      },
    ]),
  );
}

/** To four digits, so that a table fits into 80 columns. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
