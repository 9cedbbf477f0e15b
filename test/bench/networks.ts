import type * as tf from '@tensorflow/tfjs';

/** TensorFlow.js, from wherever a contender has it. */
export type TensorFlow = typeof tf;

/** A network, and what one step of its training needs. */
export interface Network {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** Dense layers of these sizes, from the inputs to the outputs. */
export function mlp(
  {sequential, layers}: TensorFlow,
  sizes: readonly number[],
  hidden: 'sigmoid' | 'tanh',
  last: 'sigmoid' | 'softmax',
): tf.LayersModel {
  const [inputs, ...units] = sizes;
  return sequential({
    layers: units.map((size, i) =>
      layers.dense({
        units: size,
        activation: i === units.length - 1 ? last : hidden,
        ...(i === 0 ? {inputShape: [inputs!]} : {}),
      }),
    ),
  });
}

/** What the backends are compared by; batches of noise, ten classes. */
export const networks = {
  mlp: (tensorflow: TensorFlow): Network => ({
    model: mlp(tensorflow, [784, 512, 512, 256, 256, 128, 10], 'tanh', 'softmax'),
    x: tensorflow.randomUniform([512, 784]),
    y: labels(tensorflow, 512),
  }),
  circles: (tensorflow: TensorFlow): Network => ({
    model: mlp(tensorflow, [2, 5, 5, 5, 5, 1], 'sigmoid', 'sigmoid'),
    x: tensorflow.randomNormal([32, 2]),
    y: tensorflow.cast(tensorflow.randomUniform([32, 1], 0, 2, 'int32'), 'float32'),
  }),
  cnn: (tensorflow: TensorFlow): Network => ({
    model: tensorflow.sequential({
      layers: [
        tensorflow.layers.conv2d({filters: 8, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1]}),
        tensorflow.layers.maxPooling2d({poolSize: 2}),
        tensorflow.layers.conv2d({filters: 16, kernelSize: 3, activation: 'relu'}),
        tensorflow.layers.maxPooling2d({poolSize: 2}),
        tensorflow.layers.flatten(),
        tensorflow.layers.dense({units: 10, activation: 'softmax'}),
      ],
    }),
    x: tensorflow.randomUniform([128, 28, 28, 1]),
    y: labels(tensorflow, 128),
  }),
} as const;

function labels({cast, oneHot, randomUniform}: TensorFlow, count: number): tf.Tensor {
  return cast(oneHot(randomUniform([count], 0, 10, 'int32'), 10), 'float32');
}
