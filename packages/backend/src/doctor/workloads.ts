import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/** A small network, and a batch to train it with. */
export interface Workload {
  readonly model: layers.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** What is measured, as it stands below the table. */
export const DESCRIPTION =
  'GFLOP/s: product of two 1024 x 1024 matrices. MLP, CNN: milliseconds of one training step (momentum SGD); ' +
  'MLP: 784-128-10, batch 64; CNN: 28x28, conv 8, pool, conv 16, pool, dense 10, batch 32. Median over 1 s, after a warm-up.';

/** 784-128-10, batch 64. */
export function mlp(): Workload {
  const hidden = layers.layers.dense({units: 128, activation: 'relu', inputShape: [784], name: 'hidden'});
  return workload([hidden], [64, 784]);
}

/** Two convolutions, each with its pooling; batch 32. */
export function cnn(): Workload {
  const {conv2d, maxPooling2d, flatten} = layers.layers;
  const shape = {kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  return workload(
    [
      conv2d({...shape, filters: 8, inputShape: [28, 28, 1], name: 'conv1'}),
      maxPooling2d({poolSize: 2}),
      conv2d({...shape, filters: 16, name: 'conv2'}),
      maxPooling2d({poolSize: 2}),
      flatten(),
    ],
    [32, 28, 28, 1],
  );
}

function workload(hidden: layers.layers.Layer[], [batch, ...shape]: [number, ...number[]]): Workload {
  const output = layers.layers.dense({units: 10, activation: 'softmax', name: 'output'});
  const model = layers.sequential({layers: [...hidden, output]});
  model.compile({optimizer: tf.train.momentum(0.01, 0.9), loss: 'categoricalCrossentropy'});
  const classes = Array.from({length: batch}, (_, i) => i % 10);
  return {
    model,
    x: tf.randomUniform([batch, ...shape]),
    y: tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 10), 'float32'),
  };
}
