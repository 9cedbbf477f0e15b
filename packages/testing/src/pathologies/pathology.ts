import type {GradientTransform} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** A training that shows one illness, or none. */
export interface Pathology {
  /** Unique, in camelCase. */
  readonly name: string;
  /** Id of the diagnosis rule that should find it, e.g. `vanishingGradients`; `none` for a healthy control. */
  readonly illness: string;
  /** Why it is ill, or healthy; one sentence. */
  readonly describe: string;
  /**
   * Makes model, data and optimizer anew. All that is random in them is derived from `seed`: the same seed gives the same
   * weights and data, bit by bit on one backend.
   *
   * @param seed a whole number >= 0; hand it to the trainer too, which shuffles and drops out.
   * @throws RangeError if `seed` is no such number.
   */
  create(seed: number): Patient;
}

/** Model, data and settings of one training: what `createTrainer` and its `fit` take. */
export interface Patient {
  readonly model: LayersModel;
  readonly loss: string | ((yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor);
  readonly optimizer: tf.Optimizer;
  /** Changes of the gradients that belong to the training. */
  readonly transforms?: readonly GradientTransform[];
  /** Samples along the first axis. */
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly epochs: number;
  readonly batchSize: number;
  /** `false` where the order of the samples matters. */
  readonly shuffle?: false;
  readonly validationSplit?: number;
  readonly validationData?: {readonly x: tf.Tensor; readonly y: tf.Tensor};
  /** Frees model, data and optimizer; the optimizer may be disposed already, as `trainer.dispose()` does. */
  dispose(): void;
}
