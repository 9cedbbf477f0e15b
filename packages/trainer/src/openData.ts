import * as tf from '@tensorflow/tfjs-core';
import type {BatchSource} from './batchSource.js';
import {type ClassWeight, sampleWeights} from './classWeights.js';
import type {Batch, Learner} from './learner.js';
import {describeData, isTensorInput, standardBatch, tensorsIn} from './standardBatch.js';
import {StreamBatches} from './streamBatches.js';
import {TensorBatches} from './tensorBatches.js';
import type {TensorData, TrainingData} from './trainingData.js';

/** How data become batches. */
export interface DataOptions {
  /** The function that the data were given to, for error messages. */
  readonly caller: string;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly validationData?: TrainingData | undefined;
  readonly validationSplit?: number | undefined;
  readonly classWeight?: ClassWeight | undefined;
}

/** Training and validation batches out of what the user gave. */
export interface OpenedData {
  readonly training: BatchSource;
  readonly validation: BatchSource | undefined;
}

/** Checks the data against the model and opens them. */
export async function openData(
  data: TrainingData,
  learner: Learner,
  {caller, batchSize, shuffle, validationData, validationSplit, classWeight}: DataOptions,
): Promise<OpenedData> {
  const validation =
    validationData === undefined
      ? undefined
      : await openValidation(`${caller}: validationData`, validationData, learner, batchSize);
  try {
    const where = `${caller}: data`;
    if (!isTensorData(data)) {
      if (validationSplit !== undefined) {
        throw new TypeError(
          `${caller}: validationSplit needs data {x, y}; pass validationData for a stream.`,
        );
      }
      return {training: new StreamBatches(where, data, learner, classWeight), validation};
    }
    const all = await tensorBatch(where, data, learner, classWeight);
    if (validationSplit === undefined) {
      return {training: new TensorBatches(all, batchSize, shuffle), validation};
    }
    const [head, tail] = split(all, validationSplit);
    return {
      training: new TensorBatches(head, batchSize, shuffle),
      validation: new TensorBatches({...tail, weights: []}, batchSize, false),
    };
  } catch (error) {
    await validation?.dispose();
    throw error;
  }
}

async function openValidation(
  where: string,
  data: TrainingData,
  learner: Learner,
  batchSize: number,
): Promise<BatchSource> {
  if (!isTensorData(data)) return new StreamBatches(where, data, learner, undefined);
  return new TensorBatches(await tensorBatch(where, data, learner, undefined), batchSize, false);
}

async function tensorBatch(
  where: string,
  {x, y}: TensorData,
  learner: Learner,
  classWeight: ClassWeight | undefined,
): Promise<Batch> {
  for (const [name, value] of Object.entries({x, y})) {
    if (!isTensorInput(value)) {
      throw new TypeError(`${where}.${name} must be a tensor or several, got ${describeData(value)}.`);
    }
  }
  const given = new Set([...tensorsIn(x), ...tensorsIn(y)]);
  const own = (tensor: tf.Tensor): tf.Tensor => (given.has(tensor) ? tf.clone(tensor) : tensor);
  const {inputs, targets} = standardBatch(where, learner, x, y);
  const batch = {inputs: inputs.map(own), targets: targets.map(own)};
  try {
    return {...batch, weights: await sampleWeights(targets, learner.outputNames, classWeight)};
  } catch (error) {
    tf.dispose([batch.inputs, batch.targets]);
    throw error;
  }
}

/** The last samples, before any shuffling, become validation data: as Keras does it. Disposes `all`. */
function split({inputs, targets, weights}: Batch, share: number): [Batch, Batch] {
  const samples = inputs[0]!.shape[0]!;
  const at = Math.floor(samples * (1 - share));
  const part = (start: number, size: number): Batch => {
    const rows = (tensor: tf.Tensor): tf.Tensor => tf.slice(tensor, start, size);
    return {
      inputs: inputs.map(rows),
      targets: targets.map(rows),
      weights: weights.map((weight) => weight && rows(weight)),
    };
  };
  try {
    if (at === 0 || at === samples) {
      throw new RangeError(
        `Trainer.fit: validationSplit ${share} of ${samples} samples leaves ${at} for training and ${samples - at} for validation.`,
      );
    }
    const tail = part(at, samples - at);
    tf.dispose(tail.weights.filter((weight) => weight !== undefined));
    return [part(0, at), tail];
  } finally {
    tf.dispose([inputs, targets, weights.filter((weight) => weight !== undefined)]);
  }
}

function isTensorData(data: TrainingData): data is TensorData {
  return typeof data === 'object' && data !== null && 'x' in data && 'y' in data;
}
