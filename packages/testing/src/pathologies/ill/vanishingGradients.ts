import * as tf from '@tensorflow/tfjs-core';
import {clouds, rings} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, normal} from '../kernels.js';

/** Ten layers of 12 units. */
const hidden = Array.from({length: 10}, () => 12);

export const vanishingGradients = [
  definePathology({
    name: 'deepSigmoid',
    illness: 'vanishingGradients',
    describe:
      'Every one of ten sigmoid layers multiplies the gradient by at most a quarter, and Glorot kernels do not make up for it.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden,
        activation: 'sigmoid',
        kernel: glorot,
        outputActivation: 'sigmoid',
      }),
      loss: 'binaryCrossentropy',
      optimizer: tf.train.sgd(0.1),
      ...rings(random, 128),
      epochs: 14,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'deepSigmoidClassifier',
    illness: 'vanishingGradients',
    describe:
      'Wider kernels, N(0, 0.5²), and Adam do not save ten sigmoid layers: the first still get a ten thousandth of the gradient.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden,
        activation: 'sigmoid',
        kernel: normal(0.5),
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.0003),
      ...clouds(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
];
