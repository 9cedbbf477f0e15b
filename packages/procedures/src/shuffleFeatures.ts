import {mixSeeds} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Samples whose features come from different samples: each feature keeps its distribution, what belongs together is torn apart.
 *
 * @param x samples along the first axis.
 */
export async function shuffleFeatures(x: tf.Tensor, seed: number): Promise<tf.Tensor> {
  const values = await x.data();
  const samples = x.shape[0]!;
  const features = values.length / samples;
  const shuffled = Float32Array.from(values);
  for (let feature = 0; feature < features; feature++) {
    for (let i = samples - 1; i > 0; i--) {
      const j = mixSeeds(seed, feature, i) % (i + 1);
      const [a, b] = [i * features + feature, j * features + feature];
      [shuffled[a], shuffled[b]] = [shuffled[b]!, shuffled[a]!];
    }
  }
  return tf.tensor(shuffled, x.shape);
}
