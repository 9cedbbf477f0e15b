import * as tf from '@tensorflow/tfjs-core';
import {surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {normal} from '../kernels.js';

const hidden = Array.from({length: 6}, () => 24);

export const poorInitialization = [
  definePathology({
    name: 'shrinkingSignal',
    illness: 'poorInitialization',
    describe: 'Kernels from N(0, 0.05²) leave a thirtieth of the variance in each of six relu layers.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden, activation: 'relu', kernel: normal(0.05)}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.001),
      ...surface(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'growingSignal',
    illness: 'poorInitialization',
    describe:
      'Kernels from N(0, 1) make the variance more than ten times as large in each of six relu layers.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 4,
        hidden,
        activation: 'relu',
        kernel: normal(1),
        outputKernel: normal(0.0005),
      }),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(1e-5),
      ...surface(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'smallTanhKernels',
    illness: 'poorInitialization',
    describe: 'Kernels from N(0, 0.06²) shrink the signal to a third in each of six tanh layers.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden, activation: 'tanh', kernel: normal(0.06)}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.05),
      ...surface(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
];
