import * as tf from '@tensorflow/tfjs-core';
import {clouds, corners} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, he, zeros} from '../kernels.js';

export const nonFinite = [
  definePathology({
    name: 'overflow',
    illness: 'nonFinite',
    describe:
      'Gradient descent on a quadratic, with a rate twenty times too large: the error grows twentyfold at every step, until it overflows.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(10),
      ...corners(random, 64),
      epochs: 30,
      batchSize: 64,
    }),
  }),
  definePathology({
    name: 'logOfZero',
    illness: 'nonFinite',
    describe:
      'A home-made cross entropy takes the logarithm of probabilities that softmax has rounded to 0, and 0 · log 0 is NaN.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [16],
        activation: 'relu',
        kernel: he,
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: (yTrue, yPred) => tf.neg(tf.sum(tf.mul(yTrue, tf.log(yPred)), -1)),
      optimizer: tf.train.adam(2),
      ...clouds(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'rootOfZero',
    illness: 'nonFinite',
    describe:
      'The square root of an error that is exactly 0 has an infinite slope: gradients are NaN, while the loss is finite.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [16],
        activation: 'tanh',
        kernel: glorot,
        outputKernel: zeros,
        outputs: 3,
      }),
      loss: (yTrue, yPred) => tf.mean(tf.sqrt(tf.square(tf.sub(yTrue, yPred))), -1),
      optimizer: tf.train.adam(0.01),
      ...clouds(random, 128),
      epochs: 10,
      batchSize: 16,
    }),
  }),
];
