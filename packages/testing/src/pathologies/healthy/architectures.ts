import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {clouds, strokes, sums, surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {glorot, he, type KernelInit, normal, orthogonal} from '../kernels.js';
import type {Random} from '../random.js';

type Value = tfl.SymbolicTensor;

export const architectures = [
  definePathology({
    name: 'conv',
    illness: 'none',
    describe: 'Two convolutions, the second behind batch normalization, tell strokes in images of 8x8 apart.',
    create: (random) => ({
      model: tfl.sequential({
        layers: [
          tfl.layers.conv2d({
            name: 'conv1',
            filters: 6,
            kernelSize: 3,
            activation: 'relu',
            inputShape: [8, 8, 1],
            kernelInitializer: he(random),
          }),
          tfl.layers.maxPooling2d({name: 'pool', poolSize: 2}),
          tfl.layers.conv2d({name: 'conv2', filters: 8, kernelSize: 2, kernelInitializer: he(random)}),
          tfl.layers.batchNormalization({name: 'norm'}),
          tfl.layers.activation({name: 'relu', activation: 'relu'}),
          tfl.layers.flatten({name: 'flatten'}),
          tfl.layers.dense({
            name: 'output',
            units: 3,
            activation: 'softmax',
            kernelInitializer: glorot(random),
          }),
        ],
      }),
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.01),
      ...strokes(random, 96),
      epochs: 8,
      batchSize: 16,
    }),
  }),
  ...(['lstm', 'gru'] as const).map((kind) =>
    definePathology({
      name: kind,
      illness: 'none',
      describe: `${kind === 'lstm' ? 'An LSTM' : 'A GRU'} adds up sequences of eight numbers.`,
      create: (random) => ({
        model: tfl.sequential({
          layers: [
            tfl.layers[kind]({
              name: 'recurrent',
              units: 8,
              inputShape: [8, 2],
              kernelInitializer: glorot(random),
              recurrentInitializer: orthogonal()(random),
              recurrentActivation: 'sigmoid',
            }),
            tfl.layers.dense({name: 'output', units: 1, kernelInitializer: glorot(random)}),
          ],
        }),
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.01),
        ...sums(random, 64, 8),
        epochs: 15,
        batchSize: 16,
      }),
    }),
  ),
  definePathology({
    name: 'residual',
    illness: 'none',
    describe: 'Four blocks of two dense layers, each beside a path that leads around it.',
    create: (random) => {
      const input = tfl.input({shape: [4]});
      let value = dense(random, 'entry', 16, 'linear', glorot).apply(input) as Value;
      for (let i = 1; i <= 4; i++) {
        const inner = dense(random, `inner${i}`, 16, 'relu').apply(value) as Value;
        const change = dense(random, `change${i}`, 16, 'linear', normal(0.1)).apply(inner) as Value;
        value = tfl.layers.add({name: `sum${i}`}).apply([value, change]) as Value;
      }
      const output = dense(random, 'output', 1, 'linear', glorot).apply(value) as Value;
      return {
        model: tfl.model({inputs: input, outputs: output}),
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.003),
        ...surface(random, 192),
        epochs: 12,
        batchSize: 16,
      };
    },
  }),
  definePathology({
    name: 'twoBranches',
    illness: 'none',
    describe: 'A wide relu and a deep tanh branch over the same inputs, joined before the output.',
    create: (random) => {
      const input = tfl.input({shape: [2]});
      const wide = dense(random, 'wide', 24, 'relu').apply(input) as Value;
      const deep1 = dense(random, 'deep1', 12, 'tanh', glorot).apply(input) as Value;
      const deep2 = dense(random, 'deep2', 12, 'tanh', glorot).apply(deep1) as Value;
      const joined = tfl.layers.concatenate({name: 'joined'}).apply([wide, deep2]) as Value;
      const output = dense(random, 'output', 3, 'softmax', glorot).apply(joined) as Value;
      return {
        model: tfl.model({inputs: input, outputs: output}),
        loss: 'categoricalCrossentropy',
        optimizer: tf.train.momentum(0.01, 0.9),
        ...clouds(random, 192),
        epochs: 12,
        batchSize: 16,
      };
    },
  }),
  definePathology({
    name: 'nested',
    illness: 'none',
    describe: 'A model within a model: the first layers are a sequential model of their own.',
    create: (random) => ({
      model: tfl.sequential({
        layers: [
          tfl.sequential({
            name: 'features',
            layers: [dense(random, 'first', 16, 'relu', he, [4]), dense(random, 'second', 16, 'relu')],
          }),
          dense(random, 'output', 1, 'linear', glorot),
        ],
      }),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.005),
      ...surface(random, 192),
      epochs: 12,
      batchSize: 16,
    }),
  }),
];

function dense(
  random: Random,
  name: string,
  units: number,
  activation: 'relu' | 'tanh' | 'linear' | 'softmax',
  kernel: KernelInit = he,
  inputShape?: number[],
): tfl.layers.Layer {
  return tfl.layers.dense({
    name,
    units,
    activation,
    kernelInitializer: kernel(random),
    ...(inputShape === undefined ? {} : {inputShape}),
  });
}
