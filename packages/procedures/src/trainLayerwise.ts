import {describeValue, type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import type {TrainingData} from '@gradwire/trainer';
import * as tfl from '@tensorflow/tfjs-layers';
import {blocksOf} from './blocksOf.js';
import {freshLayers, type LayerMaker, requireLayerMaker} from './freshLayers.js';
import {type ProcedureResult, type Stage, stageOptions, type StageOptions} from './procedureOptions.js';
import {requireModel} from './requireModel.js';
import {type Stack, stackOn} from './stackOn.js';
import {StageRunner} from './stageRunner.js';
import {withFrozen} from './withFrozen.js';

/** One stage of {@link trainLayerwise}: how far the model has grown, and how much of it is frozen. */
export interface LayerwiseStage {
  /** Blocks in the sub-model, from the lowest; a whole number >= 1. */
  readonly depth: number;
  /** How many of these are frozen, from the lowest; a whole number from 0 to `depth`, default 0. */
  readonly frozen?: number;
  /** Passes over the data; default: the `epochs` of all stages. */
  readonly epochs?: number;
}

/** The options of {@link trainLayerwise}. */
export interface LayerwiseOptions extends StageOptions {
  /** The layers to train, without a head. They are trained in place. */
  readonly model: tfl.LayersModel;
  /** The last layer of each block, lowest first; default: a block begins with each layer that has a kernel. */
  readonly blocks?: readonly string[];
  /** Makes the layers between a stage's sub-model and the loss: new ones for each stage. */
  readonly head: LayerMaker<[stage: Stage]>;
  /** Tensors `{x, y}`, a dataset, or batches: whatever `trainer.fit` takes, as often as there are epochs. */
  readonly data: TrainingData;
  /**
   * The stages; the last has all blocks. Default: the first block; then, with each further block, first this one alone,
   * all lower ones frozen, then all together.
   */
  readonly stages?: readonly LayerwiseStage[];
}

/** What {@link trainLayerwise} returns. */
export interface LayerwiseResult extends ProcedureResult {
  /** The sub-model of the last stage that was begun, with its head: the whole model, unless the procedure ended early. */
  readonly model: tfl.LayersModel;
}

const known: KnownOptions<LayerwiseOptions> = {
  model: 'model',
  blocks: "['hidden1', 'hidden2']",
  head: '() => tf.layers.dense({units: 10})',
  data: '{x, y}',
  stages: '[{depth: 1}, {depth: 2, frozen: 1}]',
  ...stageOptions,
};

/**
 * Trains a deep network layer by layer: sub-models that grow, each with a head and an optimizer of its own.
 *
 *     S1 · S1 + S2, S1 frozen · S1 + S2 · S1 + S2 + S3, S1 and S2 frozen · S1 + S2 + S3 · …
 *
 * A new block learns on top of what the lower ones give already, and only then do all learn together: so no gradient has to pass
 * many layers that know nothing yet. Frozen blocks are in inference mode, their weights and moving averages stay as they are to
 * the last bit, and backpropagation ends above them. What was `trainable` before is so again afterwards, however the
 * procedure ends.
 *
 * @param options model, blocks, head, data, and what each stage is trained with.
 * @returns the model with the last head, and how each stage went. It shares its layers with `model`: dispose one of the two.
 * @throws TypeError or RangeError that names the option, before the first step.
 * @throws whatever a run throws; what has been learned until then stays in the layers.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {trainLayerwise} from '@gradwire/procedures';
 *
 * const hidden = (units: number) => tf.layers.dense({units, activation: 'sigmoid'});
 * const body = tf.sequential({layers: [tf.layers.inputLayer({inputShape: [2]}), hidden(8), hidden(8), hidden(8)]});
 * const {model, stages} = await trainLayerwise({
 *   model: body,
 *   head: () => tf.layers.dense({units: 1, activation: 'sigmoid'}),
 *   data: {x: tf.randomNormal([32, 2]), y: tf.ones([32, 1])},
 *   loss: 'binaryCrossentropy',
 *   optimizer: () => tf.train.sgd(1e-2),
 *   epochs: 2,
 * });
 * console.log(stages.length, model.outputs[0]!.shape); // 5 [null, 1]
 * ```
 * @see Bengio et al. (2006), "Greedy Layer-Wise Training of Deep Networks".
 */
export async function trainLayerwise(options: LayerwiseOptions): Promise<LayerwiseResult> {
  const {model: body, blocks, head, data, stages, ...rest} = requireOptions('trainLayerwise', options, known);
  requireModel('trainLayerwise', 'model', body);
  requireLayerMaker('trainLayerwise', 'head', head);
  const ends = blocksOf('trainLayerwise', body, blocks);
  const plan = stages === undefined ? growingStages(ends.length) : requireStages(stages, ends.length);
  const runner = new StageRunner('trainLayerwise', plan.length, rest);
  const subModel = (depth: number): tfl.LayersModel =>
    tfl.model({inputs: body.inputs, outputs: ends[depth - 1]!});

  let model = body;
  let top: Stack | undefined;
  try {
    for (const [index, {depth, frozen = 0, epochs}] of plan.entries()) {
      const name = nameOf(depth, frozen);
      top?.dispose();
      top = undefined;
      const made = head({name, index, count: plan.length});
      top = stackOn(ends[depth - 1]!, freshLayers('trainLayerwise', 'head', made));
      model = tfl.model({inputs: body.inputs, outputs: top.output});
      await withFrozen(frozen === 0 ? [] : subModel(frozen).layers, () =>
        runner.run({name, index}, model, data, epochs === undefined ? {} : {epochs}),
      );
      if (runner.isOver) break;
    }
  } catch (error) {
    top?.dispose();
    throw error;
  }
  return {model, stages: runner.stages, reason: runner.reason};
}

/** Each new block first on top of frozen ones, then with them. */
function growingStages(blocks: number): LayerwiseStage[] {
  return Array.from({length: blocks}, (_, i) => [{depth: i + 1, frozen: i}, {depth: i + 1}])
    .flat()
    .slice(1);
}

function requireStages(stages: readonly LayerwiseStage[], blocks: number): readonly LayerwiseStage[] {
  if (!Array.isArray(stages) || stages.length === 0) {
    throw new TypeError(
      `trainLayerwise: stages must be a list, e.g. [{depth: 1}, {depth: 2, frozen: 1}], got ${describeValue(stages)}.`,
    );
  }
  for (const stage of stages as readonly LayerwiseStage[]) {
    const {
      depth,
      frozen = 0,
      epochs = 1,
    } = requireOptions('trainLayerwise: stages', stage, {
      depth: 2,
      frozen: 1,
      epochs: 10,
    });
    requireInteger('trainLayerwise: stages', {depth, epochs}, 1);
    requireInteger('trainLayerwise: stages', {frozen}, 0);
    if (depth > blocks) {
      throw new RangeError(
        `trainLayerwise: stages: depth must be <= ${blocks}, the number of blocks, got ${depth}.`,
      );
    }
    if (frozen > depth) {
      throw new RangeError(`trainLayerwise: stages: frozen must be <= depth, got ${frozen} of ${depth}.`);
    }
  }
  if (stages.at(-1)!.depth === blocks) return stages;
  throw new RangeError(
    `trainLayerwise: stages: the last must have all ${blocks} blocks, got depth ${stages.at(-1)!.depth}.`,
  );
}

function nameOf(depth: number, frozen: number): string {
  const upTo = (n: number): string => (n === 1 ? '1' : `1-${n}`);
  const blocks = depth === 1 ? 'block 1' : `blocks ${upTo(depth)}`;
  return frozen === 0 ? blocks : `${blocks}, ${upTo(frozen)} frozen`;
}
