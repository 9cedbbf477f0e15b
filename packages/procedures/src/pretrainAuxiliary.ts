import {describeValue, type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import type {TrainerOptions} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {freshLayers, type LayerMaker, requireLayerMaker} from './freshLayers.js';
import {onlyOutputOf} from './graph.js';
import {inputsOf} from './inputsOf.js';
import {type ProcedureResult, stageOptions, type StageOptions} from './procedureOptions.js';
import {requireModel} from './requireModel.js';
import {shuffleFeatures} from './shuffleFeatures.js';
import {stackOn} from './stackOn.js';
import {StageRunner} from './stageRunner.js';

/** The options of {@link pretrainAuxiliary}. */
export interface PretrainAuxiliaryOptions
  extends Omit<StageOptions, 'loss' | 'validationData'>, Partial<Pick<TrainerOptions, 'loss'>> {
  /** The layers to train, without a head. They are trained in place. It must have one input and one output. */
  readonly model: tfl.LayersModel;
  /** Intact samples. No labels. */
  readonly x: tf.Tensor;
  /** Makes a bad copy of all samples, of the same shape; default: each feature is shuffled among the samples. */
  readonly corrupt?: (x: tf.Tensor) => tf.Tensor;
  /** Makes the layers that tell good from bad, thrown away afterwards; default: one sigmoid unit, on the flattened output. */
  readonly head?: LayerMaker;
}

const known: KnownOptions<PretrainAuxiliaryOptions> = {
  model: 'model',
  x: 'x',
  corrupt: '(x) => tf.reverse(x, 1)',
  head: "() => tf.layers.dense({units: 1, activation: 'sigmoid'})",
  ...stageOptions,
};

/**
 * Pre-trains layers without labels by a task that makes its own: to tell intact samples from corrupt copies.
 *
 *     minimise loss(head(model(x)), 1) + loss(head(model(corrupt(x))), 0)
 *
 * To succeed, the layers have to learn what belongs together in the data. Then put a head for the real task on the model (`replaceTop`)
 * and train it on what labels there are.
 *
 * @param options model, samples, and what is trained with; `loss` is `binaryCrossentropy` by default. `1` is good, `0` is bad.
 * @returns how the stage went. The head is removed again.
 * @throws TypeError or RangeError that names the option, before the first step.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {pretrainAuxiliary, replaceTop} from '@gradwire/procedures';
 *
 * const body = tf.sequential({layers: [tf.layers.dense({units: 8, activation: 'tanh', inputShape: [4]})]});
 * const {stages} = await pretrainAuxiliary({
 *   model: body,
 *   x: tf.randomNormal([64, 4]),
 *   optimizer: () => tf.train.adam(),
 *   metrics: ['accuracy'],
 *   epochs: 2,
 * });
 * console.log(stages[0]?.history['acc']?.length); // 2
 * const model = replaceTop(body, {drop: 0, layers: [tf.layers.dense({units: 3, activation: 'softmax'})]});
 * ```
 */
export async function pretrainAuxiliary(options: PretrainAuxiliaryOptions): Promise<ProcedureResult> {
  const where = 'pretrainAuxiliary';
  const {
    model,
    x,
    corrupt,
    head,
    loss = 'binaryCrossentropy',
    ...rest
  } = requireOptions(where, options, known);
  requireModel(where, 'model', model);
  if (head !== undefined) requireLayerMaker(where, 'head', head);
  const {seed = 0} = rest;
  requireInteger(where, {seed}, 0);
  const output = onlyOutputOf(where, model);
  const inputs = inputsOf(where, model, {x, y: x});
  if (inputs.length > 1)
    throw new Error(`${where}: model must have one input, this one has ${inputs.length}.`);
  const runner = new StageRunner(where, 1, {...rest, loss});
  const layers = head === undefined ? defaultHead(output.rank) : freshLayers(where, 'head', head());
  const top = stackOn(output, layers);
  let data: {x: tf.Tensor; y: tf.Tensor} | undefined;
  try {
    data = alternate(x, corrupt === undefined ? await shuffleFeatures(x, seed) : corrupted(x, corrupt));
    const judge = tfl.model({inputs: model.inputs, outputs: top.output});
    await runner.run({name: 'intact or corrupt', index: 0}, judge, data);
  } finally {
    tf.dispose(data ?? []);
    top.dispose();
  }
  return {stages: runner.stages, reason: runner.reason};
}

function defaultHead(rank: number): tfl.layers.Layer[] {
  const unit = tfl.layers.dense({units: 1, activation: 'sigmoid'});
  // tfjs' flatten refuses what is flat already.
  return rank > 2 ? [tfl.layers.flatten(), unit] : [unit];
}

function corrupted(x: tf.Tensor, corrupt: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    if (typeof corrupt !== 'function') {
      throw new TypeError(
        `pretrainAuxiliary: corrupt must be a function, e.g. (x) => tf.reverse(x, 1), got ${describeValue(corrupt)}.`,
      );
    }
    const bad = corrupt(x);
    if (!(bad instanceof tf.Tensor) || bad.shape.join() !== x.shape.join()) {
      const got = bad instanceof tf.Tensor ? `[${bad.shape.join(', ')}]` : describeValue(bad);
      throw new TypeError(
        `pretrainAuxiliary: corrupt must return a tensor of shape [${x.shape.join(', ')}], got ${got}.`,
      );
    }
    return tf.clone(bad);
  });
}

/** Good and bad by turns, so that the end of the data, which `validationSplit` takes, has both. Disposes `bad`. */
function alternate(x: tf.Tensor, bad: tf.Tensor): {x: tf.Tensor; y: tf.Tensor} {
  return tf.tidy(() => {
    const [samples, ...shape] = x.shape as [number, ...number[]];
    const pairs = tf.stack([tf.cast(x, 'float32'), tf.cast(bad, 'float32')], 1);
    bad.dispose();
    return {
      x: tf.reshape(pairs, [2 * samples, ...shape]),
      y: tf.reshape(tf.tile(tf.tensor1d([1, 0]), [samples]), [2 * samples, 1]),
    };
  });
}
