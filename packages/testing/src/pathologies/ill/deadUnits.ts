import * as tf from '@tensorflow/tfjs-core';
import {surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {he} from '../kernels.js';

export const deadUnits = [
  definePathology({
    name: 'negativeBias',
    illness: 'deadUnits',
    describe: 'Biases of −4 keep most relu units below zero for every sample.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [32], activation: 'relu', kernel: he, bias: -4}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.02),
      ...surface(random, 128),
      epochs: 15,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'killedByRate',
    illness: 'deadUnits',
    describe:
      'The first steps of a rate that is too large throw the biases of most relu units far below zero.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [24, 24], activation: 'relu', kernel: he}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(1),
      ...surface(random, 128),
      epochs: 20,
      batchSize: 16,
    }),
  }),
];
