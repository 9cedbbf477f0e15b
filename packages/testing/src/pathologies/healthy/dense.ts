import * as tf from '@tensorflow/tfjs-core';
import {clouds, rings, surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, he} from '../kernels.js';

export const dense = [
  definePathology({
    name: 'denseRelu',
    illness: 'none',
    describe: 'Regression with relu, He kernels and plain gradient descent at a moderate rate; validated.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [24, 24], activation: 'relu', kernel: he}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.02),
      ...surface(random, 320),
      validationSplit: 0.25,
      epochs: 12,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'denseTanh',
    illness: 'none',
    describe: 'Classification with tanh, Glorot kernels and momentum.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [16, 16],
        activation: 'tanh',
        kernel: glorot,
        outputs: 3,
        outputActivation: 'softmax',
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.momentum(0.01, 0.9),
      ...clouds(random, 192),
      epochs: 12,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'binary',
    illness: 'none',
    describe:
      'Two classes, told apart by one sigmoid: at the end it is sure of its answers, as it should be.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 2,
        hidden: [32, 32],
        activation: 'relu',
        kernel: he,
        outputActivation: 'sigmoid',
      }),
      loss: 'binaryCrossentropy',
      optimizer: tf.train.adam(0.003),
      ...rings(random, 192),
      epochs: 20,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'converged',
    illness: 'none',
    describe:
      'A linear model that has found the best answer after a third of the training: its loss is flat because it is done.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.05),
      ...surface(random, 128),
      epochs: 20,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'noisyBatches',
    illness: 'none',
    describe:
      'Batches of four, and targets under noise as large as the signal: the loss jumps from batch to batch, but falls.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [16, 16], activation: 'relu', kernel: he}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.01),
      ...surface(random, 256, 4, 0.7),
      epochs: 4,
      batchSize: 4,
    }),
  }),
];
