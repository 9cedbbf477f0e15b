import type * as tf from '@tensorflow/tfjs-core';
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
   * The gradients at every stage: `raw` first, then after each transform, by its name. Where transforms change updates,
   * these follow: `updates`, then by name.
   */
  readonly stages: readonly {readonly name: string; readonly gradients: NamedTensors}[];
  /** The gradients as backpropagation gave them. */
  readonly rawGradients: NamedTensors;
  /** The gradients as the optimizer gets them. */
  readonly gradients: NamedTensors;
  readonly weightsBefore: NamedTensors;
  readonly weightsAfter: NamedTensors;
  readonly loss: tf.Scalar;
}

/** What a capture measured: by subject (mostly a parameter), then by quantity. */
export type Measurements = Readonly<Record<string, NamedTensors>>;

/**
 * A quantity that is measured during training: the contract that every capture implements.
 *
 * `measure` runs after an update (not in a step that the transforms skip), outside of the tape and inside `tf.tidy`. All tensors that the captures of one
 * step return are read back together, asynchronously; scalars arrive in the `capture` event's `values`, larger
 * tensors in its `arrays`.
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
  measure(ctx: CaptureContext): Measurements;
}
