import * as tf from '@tensorflow/tfjs-core';
import {clouds, unrelated} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {he, normal, zeros} from '../kernels.js';

export const lossPlateau = [
  definePathology({
    name: 'zeroKernels',
    illness: 'lossPlateau',
    describe:
      'With all kernels zero, hidden units and gradients stay zero: the net learns no more than how frequent the classes are.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [16, 16],
        activation: 'tanh',
        kernel: zeros,
        outputKernel: zeros,
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.sgd(0.1),
      ...clouds(random, 128),
      epochs: 50,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'nothingToLearn',
    illness: 'lossPlateau',
    describe:
      'The classes have nothing to do with the inputs, and there are far more samples than parameters: the loss stays at log 3.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [4],
        activation: 'relu',
        kernel: he,
        outputKernel: normal(0.1),
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.005),
      ...unrelated(random, 1024, 2, 3),
      epochs: 6,
      batchSize: 32,
    }),
  }),
];
