import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {he} from '../kernels.js';

export const frozenParameters = [
  definePathology({
    name: 'mutedBranch',
    illness: 'frozenParameters',
    describe:
      'One of two branches ends in a gate of zeros that is not trained, so its gradient is exactly zero.',
    create: (random) => {
      const dense = (name: string, units: number, activation: 'relu' | 'linear') =>
        tfl.layers.dense({name, units, activation, kernelInitializer: he(random)});
      const input = tfl.input({shape: [4]});
      const open = dense('open', 16, 'relu').apply(input) as tfl.SymbolicTensor;
      const muted = dense('muted', 16, 'relu').apply(input) as tfl.SymbolicTensor;
      const gate = tfl.layers.dense({name: 'gate', units: 16, kernelInitializer: 'zeros', trainable: false});
      const sum = tfl.layers.add().apply([open, gate.apply(muted) as tfl.SymbolicTensor]);
      const output = dense('output', 1, 'linear').apply(sum) as tfl.SymbolicTensor;
      return {
        model: tfl.model({inputs: input, outputs: output}),
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.005),
        ...surface(random, 128),
        epochs: 15,
        batchSize: 16,
      };
    },
  }),
  definePathology({
    name: 'behindDeadLayer',
    illness: 'frozenParameters',
    describe: 'Biases of −50 close a whole relu layer, and nothing before it gets a gradient.',
    create: (random) => {
      const dense = (name: string, bias: number, args: {inputShape?: number[]} = {}) =>
        tfl.layers.dense({
          name,
          units: 16,
          activation: 'relu',
          kernelInitializer: he(random),
          biasInitializer: tfl.initializers.constant({value: bias}),
          ...args,
        });
      return {
        model: tfl.sequential({
          layers: [
            dense('before', 0, {inputShape: [4]}),
            dense('closed', -50),
            tfl.layers.dense({name: 'output', units: 1, kernelInitializer: he(random)}),
          ],
        }),
        loss: 'meanSquaredError',
        optimizer: tf.train.sgd(0.05),
        ...surface(random, 128),
        epochs: 15,
        batchSize: 16,
      };
    },
  }),
];
