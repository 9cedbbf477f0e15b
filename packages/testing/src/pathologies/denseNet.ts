import * as tfl from '@tensorflow/tfjs-layers';
import {glorot, type KernelInit} from './kernels.js';
import type {Random} from './random.js';

type Activation = 'relu' | 'tanh' | 'sigmoid' | 'linear' | 'softmax';

/** Options of {@link denseNet}. */
interface DenseNetOptions {
  readonly inputs: number;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** Kernels of the hidden layers. */
  readonly kernel: KernelInit;
  /** Where the biases of the hidden layers begin; default 0. */
  readonly bias?: number;
  readonly outputs?: number;
  readonly outputActivation?: Activation;
  /** Kernel of the last layer; default Glorot. */
  readonly outputKernel?: KernelInit;
}

/** A stack of dense layers: `hidden1`, `hidden2`, …, `output`. */
export function denseNet(
  random: Random,
  {
    inputs,
    hidden,
    activation,
    kernel,
    bias = 0,
    outputs = 1,
    outputActivation = 'linear',
    outputKernel = glorot,
  }: DenseNetOptions,
): tfl.Sequential {
  const model = tfl.sequential();
  hidden.forEach((units, i) =>
    model.add(
      tfl.layers.dense({
        name: `hidden${i + 1}`,
        units,
        activation,
        kernelInitializer: kernel(random),
        biasInitializer: tfl.initializers.constant({value: bias}),
        ...(i === 0 ? {inputShape: [inputs]} : {}),
      }),
    ),
  );
  model.add(
    tfl.layers.dense({
      name: 'output',
      units: outputs,
      activation: outputActivation,
      kernelInitializer: outputKernel(random),
      ...(hidden.length === 0 ? {inputShape: [inputs]} : {}),
    }),
  );
  return model;
}
