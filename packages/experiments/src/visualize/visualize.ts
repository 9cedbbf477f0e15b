import {
  activationStats,
  backwardStats,
  builtInRules,
  diagnosis,
  gradientStats,
  unitActivity,
  updateStats,
  vanishingGradients,
  weightSnapshots,
} from '@gradwire/capture';
import {everyEpoch} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {rmsprop} from '@gradwire/optimizers';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {Experiment} from '../experiment.js';
import {choice, integer, integers} from '../flag.js';
import type {Setting} from '../setting.js';
import type {Training} from '../training.js';
import {circlesModel} from './circlesModel.js';
import {decisionBoundary} from './decisionBoundary.js';
import {onceAnEpochAndLast} from './onceAnEpochAndLast.js';
import {visualizeCells} from './visualizeCells.js';
import type {VisualizeOptions} from './visualizeOptions.js';

const SAMPLES = 1000;
const BATCH_SIZE = 32;
const LEARNING_RATE = 1e-3;
const KERNELS = '**/kernel';

const rules = [
  ...builtInRules().filter(({id}) => id !== 'vanishingGradients'),
  // A path of five layers is too short for the share that tells in deep networks.
  vanishingGradients({ratio: 0.05}),
];

/**
 * A small network that learns to tell two noisy circles apart: what becomes of its gradients and weights, layer by layer,
 * with sigmoid, tanh and relu.
 */
export const visualize: Experiment<VisualizeOptions> = {
  name: 'visualize',
  seedDoc: 2,
  summary: 'two circles: gradients and weights of each layer, with sigmoid, tanh or relu',
  source: 'Machine Learning Mastery, "Visualizing the vanishing gradient problem"',
  flags: {
    activation: choice('activation of the hidden layers', ['sigmoid', 'tanh', 'relu'], 'sigmoid', {
      short: 'a',
    }),
    hidden: integers('units of the hidden layers, first to last', [5, 5, 5, 5]),
    optimizer: choice('optimizer; learning rate 0.001', ['rmsprop', 'adam'], 'rmsprop', {short: 'o'}),
    init: choice(
      'kernels from N(0, 1) or from Glorot’s uniform distribution',
      ['normal', 'glorot'],
      'normal',
    ),
    epochs: integer('passes over the 1000 points', 100, {short: 'e'}),
  },
  cells: visualizeCells,
  compose,
};

async function compose(options: VisualizeOptions, {seed, consumers}: Setting): Promise<Training> {
  const {epochs} = options;
  const model = circlesModel(options, seed);
  const when = onceAnEpochAndLast({epochs, batches: Math.ceil(SAMPLES / BATCH_SIZE)});
  const trainer = createTrainer({
    model,
    loss: 'binaryCrossentropy',
    optimizer: optimizerOf(options.optimizer),
    metrics: ['accuracy'],
    seed,
    captures: [
      gradientStats({when, parameters: KERNELS}),
      weightSnapshots({when: everyEpoch(), parameters: KERNELS}),
      updateStats({when}),
      activationStats({when}),
      backwardStats({when}),
      unitActivity({when}),
    ],
    consumers: [diagnosis({rules}), ...consumers],
  });
  const data = circles({samples: SAMPLES, factor: 0.5, noise: 0.1, seed: 42});
  return {
    stages: [{model, trainer, data, options: {epochs, batchSize: BATCH_SIZE}}],
    async evaluate() {
      const {loss, acc} = await trainer.evaluate(data, {batchSize: SAMPLES});
      return {loss: loss!, acc: acc!};
    },
    boundary: () =>
      decisionBoundary({
        model,
        x: data.x,
        labels: data.y,
        margin: 0.25,
        classify: (outputs) => tf.cast(tf.greater(outputs, 0.5), 'int32'),
      }),
    dispose() {
      trainer.dispose();
      model.dispose();
      tf.dispose([data.x, data.y]);
    },
  };
}

/** As Keras has them, but that tfjs corrects for bias before it adds ε: 1e-7, far below these gradients. */
function optimizerOf(name: VisualizeOptions['optimizer']): tf.Optimizer {
  return name === 'adam'
    ? tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-7)
    : rmsprop({learningRate: LEARNING_RATE, decay: 0.9, epsilon: 1e-7});
}
