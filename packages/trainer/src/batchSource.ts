import type {Batch} from './learner.js';

/** Batches, epoch by epoch, in the form that a learner takes. */
export interface BatchSource {
  /** Batches per epoch, where known beforehand. */
  readonly batches?: number;
  /** Finds out before anything is trained whether there is a first batch, and whether it fits. */
  check(epoch: number): Promise<void>;
  /** Yields batches that are valid until the next one is asked for. `seed` decides the order, where there is a choice. */
  epoch(epoch: number, seed: number): AsyncIterable<SizedBatch>;
  dispose(): Promise<void>;
}

/** A batch and its number of samples. */
export interface SizedBatch extends Batch {
  readonly size: number;
}
