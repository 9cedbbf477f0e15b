import {describeValue, type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import type {TensorData} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {announceSpeed, type CacheSpeed, speedOf} from './cacheSpeed.js';
import {encode} from './encode.js';
import {isInput, outputOf} from './graph.js';
import {inputsOf} from './inputsOf.js';
import {type ProcedureResult, stageOptions, type StageOptions} from './procedureOptions.js';
import {rebuildAbove} from './rebuildAbove.js';
import {refuseTrainingOnly} from './refuseTrainingOnly.js';
import {requireModel} from './requireModel.js';
import {StageRunner} from './stageRunner.js';
import {stepTime} from './stepTime.js';
import {withFrozen} from './withFrozen.js';
import {withWeightsRestored} from './withWeightsRestored.js';

/** The options of {@link trainFromCache}. */
export interface CacheOptions extends Omit<StageOptions, 'validationData'> {
  /** The whole model. */
  readonly model: tfl.LayersModel;
  /** The lowest layer that is trained, by name; what its input depends on is frozen. */
  readonly from: string;
  /** Tensors `{x, y}`; a stream may give other samples in each epoch, which a cache would hide. */
  readonly data: TensorData;
  /** Evaluated after each epoch: its own lower part is cached, too. */
  readonly validationData?: TensorData;
  /** Take lower layers that act otherwise in training, such as dropout, as they are in inference; default false: refuse. */
  readonly lowerInInference?: boolean;
  /** Whether a few steps are timed both ways before the training, to tell the speed-up; default true. */
  readonly measure?: boolean;
  /** Told while the cache is filled: samples so far, and all. */
  readonly onCache?: (done: number, of: number) => void;
}

/** What {@link trainFromCache} returns. */
export interface CacheResult extends ProcedureResult {
  /** Missing where it was not measured, or the procedure was stopped before. */
  readonly speed?: CacheSpeed;
}

const known: KnownOptions<CacheOptions> = {
  model: 'model',
  from: "'hidden3'",
  data: '{x, y}',
  lowerInInference: 'false',
  measure: 'true',
  onCache: '(done, of) => console.log(done / of)',
  ...stageOptions,
};

/**
 * Trains the upper layers of a model on what its frozen lower layers give, which is computed once.
 *
 *     h = lower(x) for all samples, then epochs of  upper ← upper − η · ∂loss(upper(h), y)/∂upper
 *
 * The weights are those that training the whole model with frozen lower layers in inference mode ends with: the same batches, in the same order,
 * by the same seed. The model is trained in place. The cache holds the lower layers' output for all samples:
 * `samples · outputs · 4` bytes.
 *
 * The speed-up is measured by a few steps both ways, whose effect on the weights is undone; it is returned, and
 * comes as an `alert` event `cachedLowerLayers` of severity `info`, which loggers print.
 *
 * @param options model, where to cut it, data, and what the upper part is trained with.
 * @returns how the training went, and what the cache has brought.
 * @throws TypeError or RangeError that names the option; Error if paths lead past the cut, or if lower layers act otherwise in training.
 *   All of this before the first step, with the weights untouched.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {trainFromCache} from '@gradwire/procedures';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 16, activation: 'relu', inputShape: [8], name: 'learned'}),
 *     tf.layers.dense({units: 1, name: 'new'}),
 *   ],
 * });
 * const {speed, stages} = await trainFromCache({
 *   model,
 *   from: 'new',
 *   data: {x: tf.randomNormal([64, 8]), y: tf.ones([64, 1])},
 *   loss: 'meanSquaredError',
 *   optimizer: () => tf.train.adam(),
 *   epochs: 3,
 * });
 * console.log(`${speed?.factor} times as fast`, stages[0]?.history['loss']);
 * ```
 */
export async function trainFromCache(options: CacheOptions): Promise<CacheResult> {
  const {
    model,
    from,
    data,
    validationData,
    lowerInInference = false,
    measure = true,
    onCache,
    ...rest
  } = requireOptions('trainFromCache', options, known);
  requireModel('trainFromCache', 'model', model);
  const {batchSize = 32, signal} = rest;
  requireInteger('trainFromCache', {batchSize}, 1);
  const runner = new StageRunner('trainFromCache', 1, rest);
  const cut = inputOf(model, from);
  const lower = tfl.model({inputs: model.inputs, outputs: cut});
  const inputs = inputsOf('trainFromCache: data', lower, data);
  const validation = validationData && inputsOf('trainFromCache: validationData', lower, validationData);
  if (!lowerInInference) await refuseTrainingOnly(lower, inputs, batchSize);

  const stage = {name: `from ${from}, cached`, index: 0, count: 1};
  const upper = rebuildAbove('trainFromCache', model.outputs, cut);
  const cached: tf.Tensor[] = [];
  const cache = async (
    samples: tf.Tensor[],
    onProgress?: CacheOptions['onCache'],
  ): Promise<tf.Tensor | undefined> => {
    const codes = await encode(lower, samples, {where: 'trainFromCache', batchSize, signal, onProgress});
    if (codes !== undefined) cached.push(codes);
    return codes;
  };
  try {
    const part = tfl.model({inputs: upper.input, outputs: [...upper.outputs]});
    // Rejects what does not fit before anything is computed.
    runner.probe(stage, part).dispose();
    const began = performance.now();
    const x = await cache(inputs, onCache);
    const filling = performance.now() - began;
    const xVal = validation && (await cache(validation));
    if (x === undefined) return {stages: [], reason: 'stopped'};

    const time = (timed: tfl.LayersModel, of: TensorData): Promise<number | undefined> =>
      stepTime(runner.probe(stage, timed), of, rest);
    const measureSpeed = async (): Promise<CacheSpeed | undefined> => {
      const throughAll = await withFrozen(lower.layers, () => time(model, data));
      const fromCache = await time(part, {x, y: data.y});
      if (fromCache === undefined || throughAll === undefined) return undefined;
      const trained = Math.floor(x.shape[0]! * (1 - (rest.validationSplit ?? 0)));
      return speedOf(Math.ceil(trained / batchSize), fromCache, throughAll, filling);
    };
    const speed = measure ? await withWeightsRestored(model, measureSpeed) : undefined;
    if (!runner.isOver) {
      const consumers = speed && [announceSpeed(speed)];
      const validated = xVal && validationData && {x: xVal, y: validationData.y};
      await runner.run(
        stage,
        part,
        {x, y: data.y},
        {...(consumers && {consumers}), ...(validated && {validationData: validated})},
      );
    }
    return {stages: runner.stages, reason: runner.reason, ...(speed && {speed})};
  } finally {
    upper.dispose();
    tf.dispose(cached);
  }
}

/** What the layer gets, in this model. */
function inputOf(model: tfl.LayersModel, name: string): tfl.SymbolicTensor {
  if (typeof name !== 'string') {
    throw new TypeError(`trainFromCache: from must be the name of a layer, got ${describeValue(name)}.`);
  }
  const {inputs} = outputOf('trainFromCache', model, name);
  const [cut, ...others] = inputs;
  if (cut === undefined || others.length > 0) {
    throw new Error(`trainFromCache: '${name}' has ${inputs.length} inputs; name a layer that has one.`);
  }
  if (!isInput(cut)) return cut;
  throw new Error(`trainFromCache: there is no layer below '${name}' to be cached.`);
}
