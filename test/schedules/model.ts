import * as tf from '@tensorflow/tfjs';

/** 3 → 4 → 1, always with the same weights. */
export function mlp(): tf.Sequential {
  const dense = (units: number, seed: number, more = {}): tf.layers.Layer =>
    tf.layers.dense({units, kernelInitializer: tf.initializers.glorotUniform({seed}), ...more});
  return tf.sequential({layers: [dense(4, 1, {activation: 'tanh', inputShape: [3]}), dense(1, 2)]});
}

/** Samples for it. */
export function samples(count: number): {x: tf.Tensor; y: tf.Tensor} {
  const wave = (shape: [number, number], phase: number): tf.Tensor =>
    tf.tensor2d(
      Float32Array.from({length: shape[0] * shape[1]}, (_, i) => Math.sin(phase + 1.7 * i + 0.3 * i * i)),
      shape,
    );
  return {x: wave([count, 3], 2), y: wave([count, 1], 5)};
}
