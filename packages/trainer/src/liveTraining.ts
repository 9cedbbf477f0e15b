import type {GradientOptimizer, LayerSpec} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {TrainableModel} from './learner.js';

/** A training between two of its steps: what may be changed without starting again. */
export interface LiveTraining {
  /** Optimizer updates so far. */
  readonly step: number;
  readonly epoch: number;
  /** The seed of the run. */
  readonly seed: number;
  readonly model: TrainableModel;
  /** From inputs to outputs; none where the model is a function. */
  readonly layers: readonly LayerSpec[];
  /** What is trained. New values may be assigned. */
  readonly variables: readonly tf.Variable[];
  /** Its rate, transforms and state may be changed: `replaceTransforms`, `reset`. */
  readonly optimizer: GradientOptimizer;
  /** Multiplies the learning rate from the next step on, whether it follows a schedule or not. */
  scaleLearningRate(factor: number): void;
  /** Remembers weights, optimizer, transforms and rate as they are now. The count of steps is not turned back. */
  snapshot(): TrainingSnapshot;
}

/** A moment of a training that can be gone back to. */
export interface TrainingSnapshot {
  /**
   * Brings things back as they were. Call it between steps.
   *
   * @param what `'state'`: weights and optimizer state, while learning rate and transforms stay what they are now; default `'all'`.
   */
  restore(what?: 'all' | 'state'): void;
  /** Frees what is remembered. */
  dispose(): void;
}
