import * as tf from '@tensorflow/tfjs-core';
import type {BatchSource, SizedBatch} from './batchSource.js';
import {type ClassWeight, sampleWeights} from './classWeights.js';
import type {Learner} from './learner.js';
import type {DataBatch, DatasetLike, TrainingData} from './trainingData.js';

type Stream = Exclude<TrainingData, {x: unknown}>;

/** Batches as they come out of a dataset or an iterable. */
export class StreamBatches implements BatchSource {
  #epochs = 0;

  constructor(
    private readonly stream: Stream,
    private readonly learner: Learner,
    private readonly classWeight: ClassWeight | undefined,
  ) {}

  async *epoch(): AsyncGenerator<SizedBatch> {
    let count = 0;
    for await (const raw of open(this.stream)) {
      count++;
      const batch = requireBatch(raw);
      let made: tf.Tensor[] = [];
      try {
        const given = new Set(tensorsOf(batch));
        const {inputs, targets} = this.learner.standardize(batch.xs, batch.ys);
        made = [...inputs, ...targets].filter((tensor) => !given.has(tensor));
        const weights = await sampleWeights(targets, this.learner.outputNames, this.classWeight);
        made.push(...weights.filter((weight) => weight !== undefined));
        yield {inputs, targets, weights, size: inputs[0]!.shape[0]!};
      } finally {
        tf.dispose(made);
        if (!Array.isArray(this.stream)) tf.dispose(tensorsOf(batch));
      }
    }
    if (count === 0) throw new Error(emptyMessage(this.#epochs));
    this.#epochs++;
  }

  dispose(): void {}
}

async function* open(stream: Stream): AsyncGenerator<unknown> {
  if (isDataset(stream)) {
    const iterator = await stream.iterator();
    for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) yield item.value;
  } else {
    yield* typeof stream === 'function' ? stream() : stream;
  }
}

function isDataset(stream: Stream): stream is DatasetLike {
  return typeof (stream as Partial<DatasetLike>).iterator === 'function';
}

function requireBatch(raw: unknown): DataBatch {
  const {xs, ys} = (raw ?? {}) as Partial<DataBatch>;
  if (xs === undefined || ys === undefined) {
    throw new TypeError(
      `Trainer.fit: data must yield batches {xs, ys}, got ${raw === null || typeof raw !== 'object' ? String(raw) : `{${Object.keys(raw)}}`}.`,
    );
  }
  return {xs, ys};
}

function tensorsOf({xs, ys}: DataBatch): tf.Tensor[] {
  return [xs, ys].flatMap((part) => (part instanceof tf.Tensor ? [part] : Object.values(part)));
}

function emptyMessage(epochs: number): string {
  return epochs === 0
    ? 'Trainer.fit: data is empty; at least one batch is needed.'
    : `Trainer.fit: data was used up after ${epochs} epoch(s). Pass a function that returns a new iterable for each epoch.`;
}
