import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** Runs `fn`, and brings the weights back to what they were before, also when it throws. */
export async function withWeightsRestored<T>(model: LayersModel, fn: () => Promise<T>): Promise<T> {
  const saved = model.weights.map((weight) => [weight, tf.clone(weight.read())] as const);
  try {
    return await fn();
  } finally {
    for (const [weight, value] of saved) weight.write(value);
    tf.dispose(saved.map(([, value]) => value));
  }
}
