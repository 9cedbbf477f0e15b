import * as tf from '@tensorflow/tfjs-core';
import {clouds, unrelated} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {he} from '../kernels.js';

export const overfitting = [
  definePathology({
    name: 'memorizedLabels',
    illness: 'overfitting',
    describe:
      'Forty samples with random classes and a net of 5000 parameters: it learns them by heart, and is ever surer of wrong answers elsewhere.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 6,
        hidden: [64, 64],
        activation: 'relu',
        kernel: he,
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.005),
      ...unrelated(random, 40, 6, 3),
      validationData: unrelated(random, 64, 6, 3),
      epochs: 30,
      batchSize: 10,
    }),
  }),
  definePathology({
    name: 'overlappingClasses',
    illness: 'overfitting',
    describe:
      'Thirty samples of three classes that overlap: the net draws a border around every one of them.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [64, 64],
        activation: 'relu',
        kernel: he,
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.01),
      ...clouds(random, 90, 3, 1),
      validationSplit: 2 / 3,
      epochs: 50,
      batchSize: 10,
    }),
  }),
];
