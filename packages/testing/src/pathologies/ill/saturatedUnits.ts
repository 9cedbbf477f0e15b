import * as tf from '@tensorflow/tfjs-core';
import {rings, surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {normal} from '../kernels.js';

export const saturatedUnits = [
  definePathology({
    name: 'largeTanhKernels',
    illness: 'saturatedUnits',
    describe: 'Kernels from N(0, 5²) drive nearly all tanh units to −1 or 1, where no gradient passes.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [24, 24], activation: 'tanh', kernel: normal(5)}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.01),
      ...surface(random, 128),
      epochs: 15,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'largeSigmoidKernels',
    illness: 'saturatedUnits',
    describe: 'Kernels from N(0, 10²) drive nearly all sigmoid units to 0 or 1, where no gradient passes.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [24, 24],
        activation: 'sigmoid',
        kernel: normal(10),
        outputActivation: 'sigmoid',
      }),
      loss: 'binaryCrossentropy',
      optimizer: tf.train.sgd(0.05),
      ...rings(random, 128),
      epochs: 15,
      batchSize: 16,
    }),
  }),
];
