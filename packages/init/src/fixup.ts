import {describeValue, type Initializer, initialValues, requireInteger, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {assignAll} from './assignAll.js';
import {heNormal} from './heNormal.js';
import {isFrozen, kernelOf, type LinearLayer, linearLayersIn} from './linearLayer.js';
import {randomSeed} from './randomSeed.js';
import {requireInitializer} from './requireRules.js';
import {outputLayers, type ResidualBranch, residualBranches} from './residualBranches.js';

/** The options of {@link fixup}. */
export interface FixupOptions {
  /** What kernels are drawn from before they are scaled. Default `heNormal()`. */
  readonly initializer?: Initializer;
  /** Whether the kernel of the output layer becomes 0, as in the paper. Default true. */
  readonly zeroOutput?: boolean;
  /** Which kernels are drawn; a whole number >= 0. Without it they are others every time. */
  readonly seed?: number;
}

/** What {@link fixup} has done to a layer. */
export interface FixupLayer {
  readonly layer: string;
  /** What its kernel has been multiplied by: 1 outside of residual branches. */
  readonly scale: number;
  /** The layer that adds its branch to the shortcut; empty outside of branches. */
  readonly branch: string;
}

/**
 * Fixup: initialises a residual model such that its updates are of the same size at any depth, without normalisation layers.
 *
 *     W ~ initializer;  in a branch W ← L^(−1 / (2m − 2)) · W;  last layer of each branch, and of the model, W ← 0
 *
 * L is the number of residual blocks and m the number of dense and convolutional layers in the branch. Branches are found by the model's
 * `Add` layers, where the input that passes the fewest such layers is the shortcut, and in residual layers, known by their `block` (a model or a
 * list of layers); in nested models too. Shortcuts with a projection keep scale 1. A separable convolution counts as one layer,
 * whose pointwise kernel is scaled. Frozen layers and all biases stay as they are.
 *
 * The paper also adds a learned scalar bias before each layer and a scalar factor to each branch. That is for the model's
 * architecture, which this does not change. If something throws, all weights are as before.
 *
 * @param model a model with residual branches.
 * @param options base initializer and seed.
 * @returns a report of each layer, in the order of the model's layers.
 * @throws Error if there are no residual branches, or an `Add` layer's shortcut cannot be told from its branch.
 * @throws RangeError if `seed` is no whole number.
 * @throws TypeError if `options` has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {fixup} from '@gradwire/init';
 *
 * const input = tf.input({shape: [8]});
 * const first = tf.layers.dense({units: 8, activation: 'relu'}).apply(input);
 * const last = tf.layers.dense({units: 8}).apply(first) as tf.SymbolicTensor;
 * const sum = tf.layers.add().apply([input, last]);
 * const model = tf.model({inputs: input, outputs: tf.layers.dense({units: 1}).apply(sum) as tf.SymbolicTensor});
 * console.table(fixup(model, {seed: 42})); // scales 1 (of one block), 0 and 0
 * ```
 * @see Zhang, Dauphin, Ma (2019), "Fixup Initialization: Residual Learning Without Normalization", arXiv:1901.09321.
 */
export function fixup(model: tfl.LayersModel, options: FixupOptions = {}): FixupLayer[] {
  const {
    initializer = heNormal(),
    zeroOutput = true,
    seed = randomSeed(),
  } = requireOptions('fixup', options, {initializer: 'heNormal()', zeroOutput: 'true', seed: 42}, 'model, ');
  requireInteger('fixup', {seed}, 0);
  requireInitializer('fixup', 'initializer', initializer);
  if (typeof zeroOutput !== 'boolean')
    throw new TypeError(`fixup: zeroOutput must be true or false, got ${describeValue(zeroOutput)}.`);
  const branches = residualBranches(model);
  if (branches.length === 0) {
    throw new Error('fixup: the model has no residual branches: neither Add layers nor residual layers.');
  }
  const outputs = zeroOutput ? outputLayers(model).map(({layer}) => layer) : [];
  const layers = linearLayersIn(model.layers).filter((layer) => !isFrozen(layer));
  const report = layers.map((layer) => ({
    layer: layer.name,
    ...(outputs.includes(layer.layer) ? {scale: 0, branch: ''} : scaleIn(branches, layer)),
  }));
  const scales = new Map(layers.map((layer, i) => [kernelOf(layer), report[i]!.scale]));
  const kernels = layers.flatMap((layer) => layer.kernels);
  assignAll(() =>
    initialValues('fixup', {'**': initializer}, kernels, seed).map(({variable, value}) => ({
      variable,
      value: tf.mul(value, scales.get(variable) ?? 1),
    })),
  );
  return report;
}

function scaleIn(
  branches: readonly ResidualBranch[],
  {layer}: LinearLayer,
): Pick<FixupLayer, 'scale' | 'branch'> {
  const has = (layers: readonly LinearLayer[]): boolean => layers.some((other) => other.layer === layer);
  const around = branches.filter(({layers}) => has(layers));
  // The innermost, where branches are nested.
  const [branch] = around.sort((a, b) => a.layers.length - b.layers.length);
  if (branch === undefined) return {scale: 1, branch: ''};
  const blocks = new Set(branches.map(({merge}) => merge)).size;
  const isLast = around.some(({last}) => has(last));
  const scale = isLast ? 0 : blocks ** (-1 / (2 * branch.layers.length - 2));
  return {scale, branch: branch.merge};
}
