import * as tf from '@tensorflow/tfjs-core';
import type {BatchSource, SizedBatch} from './batchSource.js';
import {type ClassWeight, sampleWeights} from './classWeights.js';
import type {Learner} from './learner.js';
import {describeData, isTensorInput, standardBatch, tensorsIn} from './standardBatch.js';
import type {DataBatch, DatasetLike, TrainingData} from './trainingData.js';

type Stream = Exclude<TrainingData, {x: unknown}>;

/** Batches as they come out of a dataset or an iterable. */
export class StreamBatches implements BatchSource {
  #epochs = 0;
  /** A stream that is open already, and the batch that was drawn from it. */
  #ahead: {readonly first: unknown; readonly rest: AsyncGenerator<unknown>} | undefined;

  /**
   * Checks what can be checked without drawing from the stream: an array wholly.
   *
   * @param where function and option that the stream comes from, e.g. `Trainer.fit: data`.
   */
  constructor(
    private readonly where: string,
    private readonly stream: Stream,
    private readonly learner: Learner,
    private readonly classWeight: ClassWeight | undefined,
  ) {
    if (!isDataset(stream) && typeof stream !== 'function') requireIterable(where, stream);
    if (!Array.isArray(stream)) return;
    if (stream.length === 0) throw new RangeError(this.#emptyMessage());
    for (const raw of stream as unknown[]) {
      const {xs, ys} = requireBatch(where, raw);
      tf.tidy(() => void standardBatch(where, learner, xs, ys));
    }
  }

  /** Draws the first batch; the next epoch begins with it. */
  async check(epoch: number): Promise<void> {
    const rest = this.#open(epoch);
    const {done, value: first} = await rest.next();
    if (done === true) throw new RangeError(this.#emptyMessage());
    this.#ahead = {first, rest};
    const {xs, ys} = requireBatch(this.where, first);
    tf.tidy(() => void standardBatch(this.where, this.learner, xs, ys));
  }

  async *epoch(epoch: number): AsyncGenerator<SizedBatch> {
    let count = 0;
    for await (const raw of this.#items(epoch)) {
      count++;
      let made: tf.Tensor[] = [];
      try {
        const {xs, ys} = requireBatch(this.where, raw);
        const given = new Set([...tensorsIn(xs), ...tensorsIn(ys)]);
        const {inputs, targets} = standardBatch(this.where, this.learner, xs, ys);
        made = [...inputs, ...targets].filter((tensor) => !given.has(tensor));
        const weights = await sampleWeights(targets, this.learner.outputNames, this.classWeight);
        made.push(...weights.filter((weight) => weight !== undefined));
        yield {inputs, targets, weights, size: inputs[0]!.shape[0]!};
      } finally {
        tf.dispose(made);
        this.#release(raw);
      }
    }
    if (count === 0) throw new RangeError(this.#emptyMessage());
    this.#epochs++;
  }

  async dispose(): Promise<void> {
    if (this.#ahead === undefined) return;
    const {first, rest} = this.#ahead;
    this.#ahead = undefined;
    this.#release(first);
    await rest.return(undefined);
  }

  #release(raw: unknown): void {
    if (!Array.isArray(this.stream)) tf.dispose(raw as tf.TensorContainer);
  }

  async *#items(epoch: number): AsyncGenerator<unknown> {
    if (this.#ahead === undefined) {
      yield* this.#open(epoch);
      return;
    }
    const {first, rest} = this.#ahead;
    this.#ahead = undefined;
    try {
      yield first;
      yield* rest;
    } finally {
      await rest.return(undefined);
    }
  }

  async *#open(epoch: number): AsyncGenerator<unknown> {
    const {stream} = this;
    if (isDataset(stream)) {
      const iterator = await stream.iterator();
      for (let item = await iterator.next(); item.done !== true; item = await iterator.next())
        yield item.value;
    } else if (typeof stream === 'function') {
      yield* requireIterable(`${this.where} (a function)`, stream(epoch));
    } else {
      yield* stream;
    }
  }

  #emptyMessage(): string {
    return this.#epochs === 0
      ? `${this.where} is empty; at least one batch is needed.`
      : `${this.where} was used up after ${this.#epochs} epoch(s). Pass a function that returns a new iterable for each epoch.`;
  }
}

function isDataset(stream: Stream): stream is DatasetLike {
  return typeof (stream as Partial<DatasetLike> | null)?.iterator === 'function';
}

function requireIterable<T>(where: string, value: T): T {
  const isIterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
  if (isIterable) return value;
  throw new TypeError(
    `${where} must give tensors {x, y}, a tf.data dataset or an iterable of batches {xs, ys}, got ${describeData(value)}.`,
  );
}

function requireBatch(where: string, raw: unknown): DataBatch {
  const {xs, ys} = (raw ?? {}) as Partial<DataBatch>;
  if (isTensorInput(xs) && isTensorInput(ys)) return {xs, ys};
  throw new TypeError(`${where} must yield batches {xs, ys} of tensors, got ${describeData(raw)}.`);
}
