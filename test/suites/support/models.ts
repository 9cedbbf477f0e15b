import * as tf from '@tensorflow/tfjs';

/** A model with something to learn. */
export interface Task {
  readonly name: string;
  readonly loss: string;
  /** A new instance; its weights are always the same. */
  model(): tf.Sequential;
  /** What it learns from: 16 samples. */
  data(): {x: tf.Tensor; y: tf.Tensor};
}

const SAMPLES = 16;

/** One task per kind of network, each with other kernels to go backwards through. */
export const tasks: readonly Task[] = [
  {
    name: 'dense',
    loss: 'meanSquaredError',
    model: () =>
      sequential(
        tf.layers.dense({units: 6, activation: 'tanh', inputShape: [3]}),
        tf.layers.dense({units: 4, activation: 'sigmoid'}),
        tf.layers.dense({units: 1}),
      ),
    data: () => ({x: wave([SAMPLES, 3], 1), y: wave([SAMPLES, 1], 2)}),
  },
  {
    name: 'convolutional',
    loss: 'categoricalCrossentropy',
    model: () =>
      sequential(
        tf.layers.conv2d({filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 2]}),
        tf.layers.maxPooling2d({poolSize: 2}),
        tf.layers.conv2d({filters: 3, kernelSize: 2, strides: 2, padding: 'same'}),
        tf.layers.flatten(),
        tf.layers.dense({units: 3, activation: 'softmax'}),
      ),
    data: () => ({x: wave([SAMPLES, 8, 8, 2], 3), y: classes(3)}),
  },
  {
    name: 'batch-normalized',
    loss: 'meanSquaredError',
    model: () =>
      sequential(
        tf.layers.dense({units: 5, inputShape: [3]}),
        tf.layers.batchNormalization({momentum: 0.5}),
        tf.layers.reLU(),
        tf.layers.dense({units: 1}),
      ),
    data: () => ({x: wave([SAMPLES, 3], 4), y: wave([SAMPLES, 1], 5)}),
  },
  {
    name: 'recurrent',
    loss: 'binaryCrossentropy',
    model: () =>
      sequential(
        tf.layers.lstm({units: 4, inputShape: [3, 2]}),
        tf.layers.dense({units: 1, activation: 'sigmoid'}),
      ),
    data: () => ({x: wave([SAMPLES, 3, 2], 6), y: tf.cast(tf.greater(wave([SAMPLES, 1], 7), 0), 'float32')}),
  },
  {
    name: 'embedding',
    loss: 'categoricalCrossentropy',
    model: () =>
      sequential(
        tf.layers.embedding({inputDim: 7, outputDim: 4, inputLength: 3}),
        tf.layers.globalAveragePooling1d(),
        tf.layers.dense({units: 2, activation: 'softmax'}),
      ),
    data: () => ({x: tf.floor(tf.mul(tf.abs(wave([SAMPLES, 3], 8)), 6.99)), y: classes(2)}),
  },
];

/** The task that needs the least of a backend. */
export const denseTask: Task = tasks[0]!;

/** A model whose weights are always the same. */
export function sequential(...layers: tf.layers.Layer[]): tf.Sequential {
  const model = tf.sequential({layers});
  tf.tidy(() =>
    model.setWeights(
      model.weights.map(({name, shape}, i) => {
        const values = tf.mul(wave(shape as number[], i + 1), 0.5);
        return name.includes('variance') ? tf.add(tf.abs(values), 0.5) : values;
      }),
    ),
  );
  return model;
}

/** Numbers between -1 and 1 that look random and are always the same. */
function wave(shape: readonly number[], phase: number): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const values = Float32Array.from({length: size}, (_, i) => Math.sin(phase + 1.7 * i + 0.3 * i * i));
  return tf.tensor(values, [...shape]);
}

function classes(count: number): tf.Tensor {
  const labels = Array.from({length: SAMPLES}, (_, i) => (i * i + i) % count);
  return tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), count), 'float32');
}
