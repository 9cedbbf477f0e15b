import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {sums, surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, normal, orthogonal} from '../kernels.js';

export const explodingGradients = [
  definePathology({
    name: 'largeReluKernels',
    illness: 'explodingGradients',
    describe:
      'Kernels from N(0, 1) make signal and gradient about three times as large in each of eight relu layers of 16 units.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 4,
        hidden: Array.from({length: 8}, () => 16),
        activation: 'relu',
        kernel: normal(1),
      }),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.001),
      ...surface(random, 128),
      epochs: 15,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'recurrentGain',
    illness: 'explodingGradients',
    describe:
      'The recurrent matrix has a spectral radius of 1.3, so that the gradient grows with each of 24 steps back in time.',
    create: (random) => ({
      model: tfl.sequential({
        layers: [
          tfl.layers.simpleRNN({
            name: 'recurrent',
            units: 8,
            activation: 'linear',
            inputShape: [24, 2],
            kernelInitializer: glorot(random),
            recurrentInitializer: orthogonal(1.3)(random),
          }),
          tfl.layers.dense({name: 'output', units: 1, kernelInitializer: glorot(random)}),
        ],
      }),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.001),
      ...sums(random, 64, 24),
      epochs: 20,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'chaoticTanh',
    illness: 'explodingGradients',
    describe:
      'Kernels from N(0, 1.5²) put sixteen tanh layers of 24 units into chaos: the gradient grows on its way back, though the signal is bounded.',
    create: (random) => ({
      model: denseNet(random, {
        inputs: 4,
        hidden: Array.from({length: 16}, () => 24),
        activation: 'tanh',
        kernel: normal(1.5),
      }),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.0001),
      ...surface(random, 128),
      epochs: 8,
      batchSize: 16,
    }),
  }),
];
