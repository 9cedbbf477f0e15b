import * as tf from '@tensorflow/tfjs-core';
import type {BatchSource} from './batchSource.js';
import {type ClassWeight, sampleWeights} from './classWeights.js';
import type {Batch, Learner} from './learner.js';
import {StreamBatches} from './streamBatches.js';
import {TensorBatches} from './tensorBatches.js';
import type {TensorData, TrainingData} from './trainingData.js';

/** How data become batches. */
export interface DataOptions {
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
  {batchSize, shuffle, validationData, validationSplit, classWeight}: DataOptions,
): Promise<OpenedData> {
  const validation = validationData && (await openValidation(validationData, learner, batchSize));
  try {
    if (!isTensorData(data)) {
      if (validationSplit !== undefined) {
        throw new TypeError(
          'Trainer.fit: validationSplit needs data {x, y}; pass validationData for a stream.',
        );
      }
      return {training: new StreamBatches(data, learner, classWeight), validation};
    }
    const all = await tensorBatch(data, learner, classWeight);
    if (validationSplit === undefined) {
      return {training: new TensorBatches(all, batchSize, shuffle), validation};
    }
    const [head, tail] = split(all, validationSplit);
    return {
      training: new TensorBatches(head, batchSize, shuffle),
      validation: new TensorBatches({...tail, weights: []}, batchSize, false),
    };
  } catch (error) {
    validation?.dispose();
    throw error;
  }
}

async function openValidation(data: TrainingData, learner: Learner, batchSize: number): Promise<BatchSource> {
  if (!isTensorData(data)) return new StreamBatches(data, learner, undefined);
  return new TensorBatches(await tensorBatch(data, learner, undefined), batchSize, false);
}

async function tensorBatch(
  {x, y}: TensorData,
  learner: Learner,
  classWeight: ClassWeight | undefined,
): Promise<Batch> {
  const samples = [x, y].flatMap((part) => (part instanceof tf.Tensor ? [part] : Object.values(part)));
  if (samples.some((tensor) => tensor.shape[0] === 0)) {
    throw new RangeError('Trainer.fit: data is empty; at least one sample is needed.');
  }
  const given = new Set(samples);
  const own = (tensor: tf.Tensor): tf.Tensor => (given.has(tensor) ? tf.clone(tensor) : tensor);
  const {inputs, targets} = learner.standardize(x, y);
  const batch = {inputs: inputs.map(own), targets: targets.map(own)};
  try {
    requireEqualLengths([...inputs, ...targets]);
    return {...batch, weights: await sampleWeights(targets, learner.outputNames, classWeight)};
  } catch (error) {
    tf.dispose([batch.inputs, batch.targets]);
    throw error;
  }
}

function requireEqualLengths(tensors: readonly tf.Tensor[]): void {
  const lengths = tensors.map(({shape}) => shape[0]);
  if (new Set(lengths).size > 1) {
    throw new RangeError(`Trainer.fit: x and y must have equally many samples, got ${lengths.join(', ')}.`);
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
  return typeof data === 'object' && 'x' in data && 'y' in data;
}
