import * as tf from '@tensorflow/tfjs-core';
import {corners} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot} from '../kernels.js';

export const lossDivergence = [
  definePathology({
    name: 'rateBeyondStability',
    illness: 'lossDivergence',
    describe:
      'Gradient descent on a quadratic with curvature 2, its rate 1 % beyond the stable 2 / 2: each step makes the error a little larger.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(1.01),
      ...corners(random, 64),
      epochs: 150,
      batchSize: 64,
    }),
  }),
];
