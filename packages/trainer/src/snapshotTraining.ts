import type {GradientOptimizer} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {TrainingSnapshot} from './liveTraining.js';

/** Remembers weights and optimizer. `restoreRate` brings back what the trainer itself knows of the rate. */
export function snapshotTraining(
  weights: readonly tf.Variable[],
  optimizer: GradientOptimizer,
  restoreRate: () => void,
): TrainingSnapshot {
  const values = weights.map((weight) => tf.keep(tf.clone(weight)));
  const optimizerSnapshot = optimizer.snapshot();
  return {
    restore(what = 'all') {
      weights.forEach((weight, i) => weight.assign(values[i]!));
      optimizerSnapshot.restore(what);
      if (what === 'all') restoreRate();
    },
    dispose() {
      tf.dispose(values);
      optimizerSnapshot.dispose();
    },
  };
}
