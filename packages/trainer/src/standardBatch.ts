import {describeValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Batch, Learner, TensorInput} from './learner.js';

/**
 * Samples in the form of the model's inputs and outputs. New tensors are the caller's to dispose.
 *
 * @param where function and option that the samples come from, e.g. `Trainer.fit: data`.
 * @throws TypeError or RangeError that says what does not fit.
 */
export function standardBatch(
  where: string,
  learner: Learner,
  x: TensorInput,
  y: TensorInput,
): Omit<Batch, 'weights'> {
  return tf.tidy(() => {
    const batch = fit(where, learner, x, y);
    const lengths: (number | undefined)[] = [...batch.inputs, ...batch.targets].map(({shape}) => shape[0]);
    if (lengths.includes(undefined)) {
      throw new TypeError(`${where} does not fit the model: a scalar has no axis that counts samples.`);
    }
    if (lengths.includes(0)) throw new RangeError(`${where} is empty; at least one sample is needed.`);
    if (new Set(lengths).size > 1) {
      throw new RangeError(`${where}: x and y must have equally many samples, got ${lengths.join(', ')}.`);
    }
    return batch;
  });
}

function fit(where: string, learner: Learner, x: TensorInput, y: TensorInput): Omit<Batch, 'weights'> {
  try {
    return learner.standardize(x, y);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`${where} does not fit the model: ${reason}`, {cause: error});
  }
}

/** The tensors in what a user gave as `x` or `y`. */
export function tensorsIn(input: TensorInput): tf.Tensor[] {
  return input instanceof tf.Tensor ? [input] : Object.values(input);
}

/** Whether a value is a tensor or a collection of tensors. */
export function isTensorInput(value: unknown): value is TensorInput {
  if (value instanceof tf.Tensor) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => item instanceof tf.Tensor)
  );
}

/** What a user gave as data, in the words of an error message. */
export function describeData(value: unknown): string {
  if (value instanceof tf.Tensor) return `a tensor of shape [${value.shape}]`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return describeValue(value);
  return `{${Object.keys(value).slice(0, 8).join(', ')}}`;
}
