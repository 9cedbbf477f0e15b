import type * as tf from '@tensorflow/tfjs-core';
import type {LayerSelector} from './layerSelector.js';
import type {LayerSpec} from './layerSpec.js';
import type {NamedTensors} from './namedTensors.js';
import type {StepSchedule} from './stepSchedule.js';

/** What a capture may look at: everything of one step. */
export interface CaptureContext {
  /** Optimizer updates before this one, from 0. */
  readonly step: number;
  readonly epoch: number;
  /** The batch within the epoch, from 0. */
  readonly batch: number;
  /**
   * The gradients at every stage, by unique names: `raw` first, then after each transform, by its name; where that occurs
   * again, `#2`, `#3`, … is appended. Where transforms change updates, these follow: `updates`, then by name.
   */
  readonly stages: readonly {readonly name: string; readonly gradients: NamedTensors}[];
  /** The gradients as backpropagation gave them. */
  readonly rawGradients: NamedTensors;
  /** The gradients as the optimizer gets them. */
  readonly gradients: NamedTensors;
  readonly weightsBefore: NamedTensors;
  readonly weightsAfter: NamedTensors;
  readonly loss: tf.Scalar;
  /** The layers of the model, from inputs to outputs; none where the model is a function. The same list in every step. */
  readonly layers: readonly LayerSpec[];
  /**
   * What layers returned in this step's forward pass, by layer: those that a due capture has asked for. A layer's second
   * output is `layer:1`; where it is called more than once, `#2`, `#3`, … is appended.
   */
  readonly activations: NamedTensors;
  /** The gradient of the loss by these; missing where none flows. */
  readonly activationGradients: NamedTensors;
}

/** What a capture measured: by subject (mostly a parameter or a layer), then by quantity. */
export type Measurements = Readonly<Record<string, NamedTensors>>;

/** The same for scalars, all in one tensor: what takes one call to compute should not take a hundred to take apart. */
export interface MeasurementTable {
  readonly subjects: readonly string[];
  readonly quantities: readonly string[];
  /** Shape [subjects, quantities]. */
  readonly values: tf.Tensor;
}

/** What can be measured in a run, known before it begins. */
export interface CaptureSubjects {
  /** All trained parameters. */
  readonly parameters: NamedTensors;
  /** As in {@link CaptureContext}. */
  readonly layers: readonly LayerSpec[];
  /** Names of the stages, as in {@link CaptureContext}. */
  readonly stages: readonly string[];
}

/** What is there when a run is over. */
export interface RunEndContext {
  /** Optimizer updates so far. */
  readonly step: number;
  readonly epoch: number;
  readonly weights: NamedTensors;
}

/**
 * A quantity that is measured during training: the contract that every capture implements.
 *
 * `measure` runs after an update (not in a step that the transforms skip), outside of the tape and inside `tf.tidy`. All tensors that the captures of one
 * step return are read back together, asynchronously; scalars arrive in the `capture` event's `values`, larger
 * tensors in its `arrays`. What it throws becomes a `captureFailed` event, and the training goes on; after three failures in a row
 * the capture is left out for the rest of the run.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {every, type Capture} from '@gradwire/core';
 *
 * const largestWeight: Capture = {
 *   name: 'largestWeight',
 *   when: every(100),
 *   measure: ({weightsAfter}) =>
 *     Object.fromEntries(Object.entries(weightsAfter).map(([name, w]) => [name, {max: tf.max(tf.abs(w))}])),
 * };
 * ```
 */
export interface Capture {
  readonly name: string;
  readonly when: StepSchedule;
  /** The layers whose `activations` it looks at; default none. They are held for it in the steps where it is due. */
  readonly activations?: LayerSelector;
  /** The layers whose `activationGradients` it looks at; default none. */
  readonly activationGradients?: LayerSelector;
  /** Called before the first step of a run: throws if it could not measure there what it was asked to. */
  check?(subjects: CaptureSubjects): void;
  measure(ctx: CaptureContext): Measurements | MeasurementTable;
  /** Called once more when a run has ended, other than by an error. Its event comes before `runEnd`. */
  finish?(ctx: RunEndContext): Measurements | MeasurementTable;
}
