import {type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import type {TrainerOptions} from '@gradwire/trainer';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {blocksOf} from './blocksOf.js';
import {encode, type EncodeOptions} from './encode.js';
import {freshLayers, type LayerMaker, requireLayerMaker} from './freshLayers.js';
import {inputsOf} from './inputsOf.js';
import {type ProcedureResult, stageOptions, type StageOptions} from './procedureOptions.js';
import {inputLike, rebuildAbove} from './rebuildAbove.js';
import {requireModel} from './requireModel.js';
import {stackOn} from './stackOn.js';
import {StageRunner} from './stageRunner.js';

type Tensor = tfl.SymbolicTensor;

/** The options of {@link pretrainLayerwise}. */
export interface PretrainLayerwiseOptions
  extends
    Omit<StageOptions, 'loss' | 'validationData' | 'classWeight'>,
    Partial<Pick<TrainerOptions, 'loss'>> {
  /** The layers to train, without a head. They are trained in place. It must have one input. */
  readonly model: tfl.LayersModel;
  /** The last layer of each block, lowest first; default: a block begins with each layer that has a kernel. */
  readonly blocks?: readonly string[];
  /** All samples. No labels. */
  readonly x: tf.Tensor;
  /**
   * Makes the layers that reconstruct a block's input from its output, thrown away afterwards. Default: one dense layer without
   * activation, where the shapes differ in their last axis only.
   */
  readonly decoder?: LayerMaker<[input: readonly (number | null)[]]>;
  /** Makes layers that corrupt a block's input in training: `() => tf.layers.dropout({rate: 0.3})`; default none. */
  readonly corruption?: LayerMaker;
}

const known: KnownOptions<PretrainLayerwiseOptions> = {
  model: 'model',
  blocks: "['hidden1', 'hidden2']",
  x: 'x',
  decoder: '() => tf.layers.dense({units: 784})',
  corruption: '() => tf.layers.dropout({rate: 0.3})',
  ...stageOptions,
};

/**
 * Pre-trains layers without labels, one after the other from the lowest: each learns to give what its input can be reconstructed
 * from.
 *
 *     h₀ = x;  block k: minimise loss(decoderₖ(blockₖ(corrupt(hₖ₋₁))), hₖ₋₁), then hₖ = blockₖ(hₖ₋₁)
 *
 * A stage trains one block and its decoder only; the blocks below are done, and what they give is computed once. With
 * `corruption` it is a denoising autoencoder: a layer such as dropout or Gaussian noise damages the input, the target stays intact.
 * Then put a head on the model (`replaceTop`) and train it on what labels there are.
 *
 * @param options model, blocks, samples, and what each stage is trained with; `loss` is `meanSquaredError` by default.
 * @returns how each stage went.
 * @throws TypeError or RangeError that names the option, before the first step.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {pretrainLayerwise, replaceTop} from '@gradwire/procedures';
 *
 * const body = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 6, activation: 'tanh', inputShape: [8]}),
 *     tf.layers.dense({units: 3, activation: 'tanh'}),
 *   ],
 * });
 * const {stages} = await pretrainLayerwise({
 *   model: body,
 *   x: tf.randomNormal([64, 8]),
 *   corruption: () => tf.layers.gaussianNoise({stddev: 0.1}),
 *   optimizer: () => tf.train.adam(),
 *   epochs: 2,
 * });
 * console.log(stages.length); // 2
 * const model = replaceTop(body, {drop: 0, layers: [tf.layers.dense({units: 1})]});
 * ```
 * @see Bengio et al. (2006), "Greedy Layer-Wise Training of Deep Networks"; Vincent et al. (2008), "Extracting and Composing
 *   Robust Features with Denoising Autoencoders".
 */
export async function pretrainLayerwise(options: PretrainLayerwiseOptions): Promise<ProcedureResult> {
  const where = 'pretrainLayerwise';
  const {
    model,
    blocks,
    x,
    decoder,
    corruption,
    loss = 'meanSquaredError',
    ...rest
  } = requireOptions(where, options, known);
  const {batchSize = 32, signal} = rest;
  requireModel(where, 'model', model);
  if (decoder !== undefined) requireLayerMaker(where, 'decoder', decoder);
  if (corruption !== undefined) requireLayerMaker(where, 'corruption', corruption);
  requireInteger(where, {batchSize}, 1);
  const ends = blocksOf(where, model, blocks);
  const inputs = inputsOf(where, model, {x, y: x});
  if (inputs.length > 1)
    throw new Error(`${where}: model must have one input, this one has ${inputs.length}.`);
  const starts = [model.inputs[0]!, ...ends.slice(0, -1)];
  const makeDecoder = (i: number): tfl.layers.Layer[] =>
    decoder === undefined
      ? [defaultDecoder(starts[i]!, ends[i]!)]
      : freshLayers(where, 'decoder', decoder(starts[i]!.shape));
  // A block that needs a decoder of its own is found before the first step.
  if (decoder === undefined) ends.forEach((_, i) => makeDecoder(i));
  const runner = new StageRunner(where, ends.length, {...rest, loss});

  let codes = x;
  try {
    for (const [index, end] of ends.entries()) {
      const start = starts[index]!;
      const noise = corruption === undefined ? [] : freshLayers(where, 'corruption', corruption());
      const autoencoder = autoencoderOf(start, end, noise, makeDecoder(index));
      try {
        const name = `autoencoder of ${end.sourceLayer.name}`;
        await runner.run({name, index}, autoencoder.model, {x: codes, y: codes});
      } finally {
        autoencoder.dispose();
      }
      if (runner.isOver || index === ends.length - 1) break;
      const next = await encodeBlock(start, end, codes, {where, batchSize, signal});
      if (codes !== x) codes.dispose();
      codes = next ?? x;
      if (next === undefined) break;
    }
  } finally {
    if (codes !== x) codes.dispose();
  }
  return {stages: runner.stages, reason: runner.reason};
}

/** input → noise → block → decoder */
function autoencoderOf(
  start: Tensor,
  end: Tensor,
  noise: readonly tfl.layers.Layer[],
  decoder: readonly tfl.layers.Layer[],
): {readonly model: tfl.LayersModel; dispose(): void} {
  const input = inputLike(start);
  const parts: {dispose(): void}[] = [];
  const dispose = (): void => {
    for (const part of parts.splice(0).toReversed()) part.dispose();
  };
  try {
    const damaged = stackOn(input, noise);
    parts.push(damaged);
    const block = rebuildAbove('pretrainLayerwise', [end], start, damaged.output);
    parts.push(block);
    const decoded = stackOn(block.outputs[0]!, decoder);
    parts.push(decoded);
    return {model: tfl.model({inputs: input, outputs: decoded.output}), dispose};
  } catch (error) {
    dispose();
    throw error;
  }
}

/** What a block makes of what the ones below give. */
async function encodeBlock(
  start: Tensor,
  end: Tensor,
  codes: tf.Tensor,
  options: EncodeOptions,
): Promise<tf.Tensor | undefined> {
  const {input, outputs, dispose} = rebuildAbove('pretrainLayerwise', [end], start);
  try {
    return await encode(tfl.model({inputs: input, outputs: outputs[0]!}), [codes], options);
  } finally {
    dispose();
  }
}

function defaultDecoder({shape: input}: Tensor, {shape, sourceLayer}: Tensor): tfl.layers.Layer {
  const units = input.at(-1);
  const isAlike = input.length === shape.length && input.slice(0, -1).join() === shape.slice(0, -1).join();
  if (isAlike && input.length > 1 && typeof units === 'number') return tfl.layers.dense({units});
  throw new Error(
    `pretrainLayerwise: block '${sourceLayer.name}' turns [${input.slice(1).join(', ')}] into [${shape.slice(1).join(', ')}]; pass a decoder that turns it back.`,
  );
}
