import {diagnosis, diagnosisCaptures, gradientMagnitude} from '@gradwire/capture';
import {anyOf, every, everyEpoch} from '@gradwire/core';
import {spiral as spiralPoints} from '@gradwire/datasets';
import {addDecayedWeights} from '@gradwire/optimizers';
import {createTrainer, type DataBatch} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {Experiment} from '../experiment.js';
import {choice, integer} from '../flag.js';
import type {Setting} from '../setting.js';
import type {Training} from '../training.js';
import {decisionBoundary} from '../visualize/decisionBoundary.js';
import {penaltyOf} from './penaltyOf.js';
import {softmaxCrossentropy} from './softmaxCrossentropy.js';
import {spiralCells} from './spiralCells.js';
import {spiralModel} from './spiralModel.js';
import type {SpiralOptions} from './spiralOptions.js';

const CLASSES = 3;
const LEARNING_RATE = 0.1;
const REGULARIZATION = 1e-3;
/** Gradient descent on all points has no epochs; progress and curves want some. */
const ITERATIONS_PER_EPOCH = 500;

/**
 * A network of two hidden layers that learns which arm of a spiral a point lies on, by plain gradient descent: how large the
 * gradients of its layers are, with sigmoid and with ReLU.
 */
export const spiral: Experiment<SpiralOptions> = {
  name: 'spiral',
  seedDoc: 5,
  summary: 'three arms of a spiral: sizes of the gradients of two layers, with sigmoid or relu',
  source: 'Stanford CS224, notebook on vanishing gradients, after the case study of CS231n',
  flags: {
    activation: choice('activation of the hidden layers', ['sigmoid', 'relu'], 'sigmoid', {short: 'a'}),
    iterations: integer('updates, each on all 300 points', 50_000, {short: 'i'}),
  },
  seed: 0,
  cells: spiralCells,
  compose,
};

async function compose(
  {activation, iterations}: SpiralOptions,
  {seed, consumers}: Setting,
): Promise<Training> {
  const model = spiralModel(activation, seed);
  const recorded = anyOf(every(50), (step) => step === iterations - 1);
  const trainer = createTrainer({
    model,
    loss: softmaxCrossentropy,
    optimizer: tf.train.sgd(LEARNING_RATE),
    transforms: [addDecayedWeights({rate: REGULARIZATION, groups: [{select: '**/bias', rate: 0}]})],
    metrics: ['accuracy'],
    seed,
    readLoss: recorded,
    captures: [
      gradientMagnitude({when: recorded, parameters: '**/kernel'}),
      ...diagnosisCaptures({when: everyEpoch()}),
    ],
    consumers: [diagnosis(), ...consumers],
  });
  const {x, y: labels} = spiralPoints({pointsPerClass: 100, classes: CLASSES, noise: 0.2, seed: 0});
  const y = tf.tidy(() => tf.cast(tf.oneHot(labels, CLASSES), 'float32'));
  const epochs = Math.ceil(iterations / ITERATIONS_PER_EPOCH);
  function* batches(epoch: number): Generator<DataBatch> {
    const count = Math.min(ITERATIONS_PER_EPOCH, iterations - epoch * ITERATIONS_PER_EPOCH);
    for (let i = 0; i < count; i++) yield {xs: tf.clone(x), ys: tf.clone(y)};
  }
  return {
    stages: [{model, trainer, data: batches, options: {epochs}}],
    async evaluate() {
      const {loss, acc} = await trainer.evaluate({x, y}, {batchSize: x.shape[0]});
      return {loss: loss! + (await penaltyOf(model, REGULARIZATION)), acc: acc!};
    },
    boundary: () =>
      decisionBoundary({model, x, labels, margin: 1, classify: (logits) => tf.argMax(logits, 1)}),
    dispose() {
      trainer.dispose();
      model.dispose();
      tf.dispose([x, y, labels]);
    },
  };
}
