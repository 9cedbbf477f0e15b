import {accumulateGradients} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {clouds, surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {glorot, he} from '../kernels.js';

export const regularized = [
  definePathology({
    name: 'deepBatchNorm',
    illness: 'none',
    describe: 'Eight relu layers, each behind batch normalization, which keeps signal and gradient in range.',
    create: (random) => {
      const model = tfl.sequential({layers: [tfl.layers.inputLayer({inputShape: [4]})]});
      for (let i = 1; i <= 8; i++) {
        model.add(
          tfl.layers.dense({name: `dense${i}`, units: 12, useBias: false, kernelInitializer: he(random)}),
        );
        model.add(tfl.layers.batchNormalization({name: `norm${i}`}));
        model.add(tfl.layers.activation({name: `relu${i}`, activation: 'relu'}));
      }
      model.add(tfl.layers.dense({name: 'output', units: 1, kernelInitializer: glorot(random)}));
      return {
        model,
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.003),
        ...surface(random, 256),
        epochs: 8,
        batchSize: 32,
      };
    },
  }),
  definePathology({
    name: 'dropout',
    illness: 'none',
    describe:
      'A third of the units drops out at every step: zeros that differ from step to step, and a noisy loss.',
    create: (random) => ({
      model: tfl.sequential({
        layers: [
          tfl.layers.dense({
            name: 'hidden1',
            units: 32,
            activation: 'relu',
            inputShape: [2],
            kernelInitializer: he(random),
          }),
          tfl.layers.dropout({name: 'dropout1', rate: 0.3}),
          tfl.layers.dense({name: 'hidden2', units: 32, activation: 'relu', kernelInitializer: he(random)}),
          tfl.layers.dropout({name: 'dropout2', rate: 0.3}),
          tfl.layers.dense({
            name: 'output',
            units: 3,
            activation: 'softmax',
            kernelInitializer: glorot(random),
          }),
        ],
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.003),
      ...clouds(random, 320),
      validationSplit: 0.25,
      epochs: 8,
      batchSize: 16,
    }),
  }),
  definePathology({
    name: 'accumulated',
    illness: 'none',
    describe: 'One update from every four batches: three of four steps change nothing, as intended.',
    create: (random) => ({
      model: denseNet(random, {inputs: 4, hidden: [16, 16], activation: 'tanh', kernel: glorot}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.01),
      transforms: [accumulateGradients({steps: 4})],
      ...surface(random, 256),
      epochs: 7,
      batchSize: 8,
    }),
  }),
];
