import type {TensorInput} from './learner.js';

/** All samples as tensors; the first axis counts samples. The tensors stay yours. */
export interface TensorData {
  readonly x: TensorInput;
  readonly y: TensorInput;
}

/** One batch of a data set, in the form of tf.data. */
export interface DataBatch {
  readonly xs: TensorInput;
  readonly ys: TensorInput;
}

/** What tf.data's `Dataset` offers, as far as training needs it. */
export interface DatasetLike {
  iterator(): Promise<{next(): Promise<IteratorResult<unknown>>}>;
}

/**
 * What a trainer learns from: tensors, which it batches and shuffles; a batched `tf.data` dataset of `{xs, ys}`; or
 * batches `{xs, ys}` from an array, from an iterable, or from a function that returns an iterable for each epoch,
 * which it is told (from 0).
 *
 * Batches in an array stay yours. Batches of everything else (datasets, generators and other iterables, functions) are
 * disposed after their step.
 */
export type TrainingData =
  | TensorData
  | DatasetLike
  | Iterable<DataBatch>
  | AsyncIterable<DataBatch>
  | ((epoch: number) => Iterable<DataBatch> | AsyncIterable<DataBatch>);
