import * as tf from '@tensorflow/tfjs-core';
import type {BatchSource, SizedBatch} from './batchSource.js';
import type {Batch} from './learner.js';
import {permutation} from './seededRandom.js';

/** Batches cut out of tensors that hold all samples. The last batch may be smaller. */
export class TensorBatches implements BatchSource {
  readonly batches: number;
  readonly #samples: number;

  /** @param data owned from here on, with tensors that the user gave already replaced by clones. */
  constructor(
    private readonly data: Batch,
    private readonly batchSize: number,
    private readonly shuffle: boolean,
  ) {
    this.#samples = data.inputs[0]!.shape[0]!;
    this.batches = Math.ceil(this.#samples / batchSize);
  }

  async *epoch(_epoch: number, seed: number): AsyncGenerator<SizedBatch> {
    const order = this.shuffle ? permutation(this.#samples, seed) : undefined;
    for (let start = 0; start < this.#samples; start += this.batchSize) {
      const size = Math.min(this.batchSize, this.#samples - start);
      const batch = cut(this.data, start, size, order);
      try {
        yield {...batch, size};
      } finally {
        tf.dispose([batch.inputs, batch.targets, batch.weights.filter((w) => w !== undefined)]);
      }
    }
  }

  /** There is nothing to find out: tensors are checked when they come. */
  async check(): Promise<void> {}

  async dispose(): Promise<void> {
    const {inputs, targets, weights} = this.data;
    tf.dispose([inputs, targets, weights.filter((w) => w !== undefined)]);
  }
}

function cut({inputs, targets, weights}: Batch, start: number, size: number, order?: Int32Array): Batch {
  return tf.tidy(() => {
    const indices = order && tf.tensor1d(order.subarray(start, start + size), 'int32');
    const rows = (tensor: tf.Tensor): tf.Tensor =>
      indices === undefined ? tf.slice(tensor, start, size) : tf.gather(tensor, indices);
    return {
      inputs: inputs.map(rows),
      targets: targets.map(rows),
      weights: weights.map((weight) => weight && rows(weight)),
    };
  });
}
