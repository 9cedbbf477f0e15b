import * as tf from '@tensorflow/tfjs-core';
import {corners} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot} from '../kernels.js';

export const oscillation = [
  definePathology({
    name: 'bouncing',
    illness: 'oscillation',
    describe:
      'The loss of a quantile is as steep near the bottom as anywhere: large steps jump across the valley, and creep back on its flatter side.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: (yTrue, yPred) => {
        const error = tf.sub(yTrue, yPred);
        return tf.mean(tf.maximum(tf.mul(error, 0.9), tf.mul(error, -0.1)), -1);
      },
      optimizer: tf.train.sgd(6),
      ...corners(random, 64),
      epochs: 150,
      batchSize: 64,
    }),
  }),
  definePathology({
    name: 'tooMuchMomentum',
    illness: 'oscillation',
    describe: 'Momentum 0.995 swings through the valley again and again, hardly damped.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.momentum(0.2, 0.995),
      ...corners(random, 64),
      epochs: 150,
      batchSize: 64,
    }),
  }),
];
