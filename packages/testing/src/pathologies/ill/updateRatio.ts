import * as tf from '@tensorflow/tfjs-core';
import {surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, he} from '../kernels.js';

export const updateRatio = [
  definePathology({
    name: 'tinyRate',
    illness: 'updateRatio',
    describe: 'A rate ten thousand times too small leaves the weights practically where they are.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [16, 16], activation: 'relu', kernel: he}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(1e-7),
      ...surface(random, 128),
      epochs: 15,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'hugeRate',
    illness: 'updateRatio',
    describe: 'Steps of up to 2 in every weight replace a good part of the kernel each time.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [], activation: 'linear', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(2),
      ...surface(random, 128, 4, 0.5),
      epochs: 15,
      batchSize: 16,
    }),
  }),
];
