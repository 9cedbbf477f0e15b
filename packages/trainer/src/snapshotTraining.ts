import type {GradientOptimizer} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {TrainingSnapshot} from './liveTraining.js';

/** Remembers weights and optimizer. `restored` is called after both have come back. */
export function snapshotTraining(
  weights: readonly tf.Variable[],
  optimizer: GradientOptimizer,
  restored: () => void,
): TrainingSnapshot {
  const values = weights.map((weight) => tf.keep(tf.clone(weight)));
  const optimizerSnapshot = optimizer.snapshot();
  return {
    restore() {
      weights.forEach((weight, i) => weight.assign(values[i]!));
      optimizerSnapshot.restore();
      restored();
    },
    dispose() {
      tf.dispose(values);
      optimizerSnapshot.dispose();
    },
  };
}
