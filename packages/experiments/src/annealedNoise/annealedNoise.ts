import {
  chainNorms,
  diagnosis,
  diagnosisCaptures,
  gradientStats,
  histograms,
  weightStats,
} from '@gradwire/capture';
import {everyEpoch} from '@gradwire/core';
import {agarap, gradientNoise} from '@gradwire/noise';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {Experiment} from '../experiment.js';
import {choice, integer, integers, toggle} from '../flag.js';
import {type ImageTensors, imageTensors} from '../imageTensors.js';
import type {Setting} from '../setting.js';
import type {Training} from '../training.js';
import {annealedNoiseCells} from './annealedNoiseCells.js';
import {annealedNoiseNetwork} from './annealedNoiseNetwork.js';
import {ACTIVATIONS, type AnnealedNoiseOptions, BATCH_NORM_MODES} from './annealedNoiseOptions.js';
import {perturbImages} from './perturbImages.js';
import {scoreOf} from './scoreOf.js';
import {shuffledBatches} from './shuffledBatches.js';

const RATE = 3e-4;
const MOMENTUM = 0.9;

/**
 * The first seed: dense networks on MNIST whose training images are perturbed once, with and without annealed gradient noise
 * and a batch normalisation.
 *
 * `loss` and `acc` of an epoch are those of its batches before their updates; the published `acc` is measured after them, and the
 * published loss is the sum, here `train_loss_sum`.
 */
export const annealedNoise: Experiment<AnnealedNoiseOptions> = {
  name: 'annealed-noise',
  seedDoc: 1,
  summary:
    'dense networks on perturbed MNIST, with gradient noise that falls per epoch and a batch normalisation',
  source:
    'Agarap (2019), "Avoiding the vanishing gradients problem by adding random noise and batch normalization", Table 1',
  seed: 42,
  images: 'mnist',
  flags: {
    neurons: integers('units of the hidden layers', [512, 512], {short: 'n'}),
    activation: choice('activation of the hidden layers', ACTIVATIONS, 'logistic', {short: 'a'}),
    batchSize: integer('images per update', 1024, {short: 'b', long: 'batch_size'}),
    epochs: integer('passes over the training images', 100, {short: 'e'}),
    noise: toggle('add noise to every gradient: N(0, σ²), σ = 1 / (1 + epoch)^0.55'),
    batchNorm: toggle('one batch normalisation, after the last hidden layer'),
    batchNormMode: choice(
      'of the batch normalisation while training; inference: it only scales and shifts, as published',
      BATCH_NORM_MODES,
      'inference',
    ),
    doubleSoftmax: toggle('softmax in the output layer and again in the loss, as published for 5 layers'),
  },
  cells: annealedNoiseCells,
  async compose(options, setting) {
    requireTogether(options);
    const {train, test} = await setting.images();
    if (options.batchSize > train.count) {
      throw new RangeError(
        `--batch_size must be at most the number of training images, ${train.count}, got ${options.batchSize}.`,
      );
    }
    const clean = imageTensors(train);
    const training = {x: perturbImages(clean.x, setting.seed), y: clean.y};
    clean.x.dispose();
    return trainingOn(training, imageTensors(test), options, setting);
  },
};

function trainingOn(
  training: ImageTensors,
  test: ImageTensors,
  options: AnnealedNoiseOptions,
  {seed, consumers}: Setting,
): Training {
  const {batchSize, epochs, noise, batchNormMode} = options;
  const model = annealedNoiseNetwork(options, training.x.shape[1], seed);
  const when = everyEpoch();
  const trainer = createTrainer({
    model,
    loss: (y: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, logits),
    optimizer: tf.train.momentum(RATE, MOMENTUM),
    metrics: ['accuracy'],
    inferenceMode: batchNormMode === 'inference',
    seed,
    transforms: noise ? [gradientNoise(agarap)] : [],
    captures: [
      ...diagnosisCaptures({when}),
      gradientStats({when, stage: 'final', parameters: '**/kernel'}),
      histograms({when, of: 'gradients', stage: 'final', parameters: '**/kernel'}),
      weightStats({when}),
      chainNorms({when}),
    ],
    consumers: [...consumers, diagnosis()],
  });
  const steps = Math.floor(training.x.shape[0] / batchSize);
  return {
    stages: [{model, trainer, data: shuffledBatches(training, {batchSize, seed}), options: {epochs}}],
    async evaluate([logs = {}] = []) {
      const figures: Record<string, number> = await scoreOf(trainer, model, test);
      const {loss} = logs;
      return loss === undefined ? figures : {...figures, train_loss_sum: loss * steps};
    },
    dispose() {
      trainer.dispose();
      model.dispose();
      tf.dispose([training.x, training.y, test.x, test.y]);
    },
  };
}

function requireTogether({batchNorm, batchNormMode}: AnnealedNoiseOptions): void {
  if (batchNorm || batchNormMode === 'inference') return;
  throw new RangeError(`--batch-norm-mode ${batchNormMode} needs --batch-norm.`);
}
