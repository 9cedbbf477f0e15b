import {describeValue, requireOptions} from '@gradwire/core';
import * as tfl from '@tensorflow/tfjs-layers';
import {createLayer} from './createLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {type Block, Residual} from './residualLayer.js';

/** What a residual layer adds to its input: a model, a layer, or layers that follow one another. */
export type ResidualBlock = tfl.LayersModel | tfl.layers.Layer | readonly tfl.layers.Layer[];

/** The options of {@link residual}. */
export interface ResidualOptions extends LayerOptions {
  /** What brings the input to the shape of the block's output. Default: nothing where they are the same, else see below. */
  readonly projection?: tfl.layers.Layer;
}

/** The layer that {@link residual} makes. */
export interface ResidualLayer extends tfl.layers.Layer {
  /** The block: the layers given, in their order, or the model given. */
  readonly block: Block;
  /** What brings the input to the shape of the block's output; known once the layer is built. */
  readonly projection: tfl.layers.Layer | undefined;
}

/**
 * A block with a way around it, which gradients take unchanged.
 *
 *     y = x + block(x);  y = projection(x) + block(x) where shapes differ
 *
 * By itself it projects with a linear layer without bias: dense from [batch, n] to [batch, m], a convolution of size 1 with
 * the stride that fits for sequences, images and volumes, channels last. Only sizes can be brought together, ranks cannot.
 * Weights, regularizers, constraints, masks, moving averages and `training` are those of the layers inside, which the trainer's
 * captures see by their path, e.g. `residual/dense`. The block's last activation comes before the sum.
 *
 * @param block a model of one input and one output, a layer, or a list of layers that are not in use elsewhere.
 * @throws TypeError if `block` or `projection` is anything else, or `options` no object or has an unknown key.
 * @throws Error when built, if the shapes cannot be brought together, or a layer of the list is in use elsewhere by then.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {residual} from '@gradwire/layers';
 *
 * const hidden = () => tf.layers.dense({units: 16, activation: 'sigmoid'});
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 16, activation: 'sigmoid', inputShape: [4]}),
 *     residual([hidden(), hidden()]),
 *     residual([hidden(), hidden(), hidden()]),
 *     tf.layers.dense({units: 3, activation: 'softmax'}),
 *   ],
 * });
 * ```
 * @see He, Zhang, Ren, Sun (2015), "Deep Residual Learning for Image Recognition", arXiv:1512.03385.
 */
export function residual(block: ResidualBlock, options: ResidualOptions = {}): ResidualLayer {
  const known = {projection: 'tf.layers.dense({units: 8})', ...LAYER_OPTIONS};
  const {projection} = requireOptions('residual', options, known, 'block, ');
  const parts = blockOf(block);
  if (projection !== undefined) requireUnused('projection', projection);
  return createLayer(Residual, options, {block: parts, ...(projection === undefined ? {} : {projection})});
}

function blockOf(block: unknown): Block {
  if (block instanceof tfl.LayersModel) {
    const {length: inputs} = block.inputs ?? [];
    const {length: outputs} = block.outputs ?? [];
    if (inputs === 1 && outputs === 1) return block;
    throw new TypeError(
      `residual: block must have one input and one output, the model '${block.name}' has ${inputs} and ${outputs}.`,
    );
  }
  const layers: unknown[] = [block].flat();
  if (layers.length === 0) throw new TypeError('residual: block must have a layer at least, got none.');
  for (const [i, layer] of layers.entries()) {
    requireUnused(Array.isArray(block) ? `block[${i}]` : 'block', layer);
    if (layers.indexOf(layer) < i) throw new TypeError(`residual: block[${i}] is in the block already.`);
  }
  return layers as tfl.layers.Layer[];
}

/** A built layer has weights with names of another place: they would not be found when the model is loaded. */
function requireUnused(option: string, layer: unknown): void {
  if (!(layer instanceof tfl.layers.Layer)) {
    throw new TypeError(`residual: ${option} must be a layer, got ${describeValue(layer)}.`);
  }
  if (!(layer instanceof tfl.LayersModel) && layer.built) {
    throw new TypeError(`residual: ${option} must be a new layer, '${layer.name}' is in use already.`);
  }
}
