import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ModelLayer} from './layersOf.js';

/** A forward pass over variables: `training` is false during validation. */
export type ModelFunction = Lenient<(x: tf.Tensor, options: {readonly training: boolean}) => tf.Tensor>;

/** What a trainer can train. */
export type TrainableModel = LayersModel | ModelFunction;

/** One tensor, several, or several by name: what tfjs-layers takes as `x` and `y`. */
export type TensorInput = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

/** A loss or metric as a function; per sample or already averaged. */
export type TensorFunction = Lenient<(yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor>;

/** Accepts functions of a narrower kind of tensor too, such as `tf.Tensor2D`: method parameters are bivariant. */
type Lenient<F extends (...args: never[]) => unknown> = {
  call(...args: Parameters<F>): ReturnType<F>;
}['call'];

/** Inputs, targets and sample weights in the order of the model's inputs and outputs. */
export interface Batch {
  readonly inputs: tf.Tensor[];
  readonly targets: tf.Tensor[];
  /** One weight per sample and output, or nothing. */
  readonly weights: (tf.Tensor | undefined)[];
}

/** Loss and metrics of one batch, and the gradients of that loss. */
export interface Evaluation {
  readonly loss: tf.Scalar;
  /** In the order of `metricNames` after `loss`. */
  readonly metrics: tf.Scalar[];
}

/** What the loop needs of a model; one implementation per kind of {@link TrainableModel}. */
export interface Learner {
  /** What is trained. */
  readonly variables: tf.Variable[];
  /** Everything that belongs to the model's state, moving averages included. */
  readonly weights: tf.Variable[];
  /** `loss` first, by Keras names. */
  readonly metricNames: readonly string[];
  /** From inputs to outputs; none where the model is a function. */
  readonly layers: readonly ModelLayer[];
  /** Names of the outputs, where they have names. */
  readonly outputNames: readonly string[];
  /** Brings user data into batch form, or says what does not fit. New tensors are the caller's to dispose. */
  standardize(x: TensorInput, y: TensorInput): Omit<Batch, 'weights'>;
  gradients(batch: Batch): Evaluation & {readonly grads: tf.NamedTensorMap};
  /** In inference mode, without regularisation terms. */
  evaluate(batch: Batch): Evaluation;
  /** Projects weights back into their constraints, which tfjs's own `fit` leaves undone. */
  applyConstraints(): void;
}
