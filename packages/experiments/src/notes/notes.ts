import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
import {clipByValue} from '@gradwire/clipping';
import {every} from '@gradwire/core';
import type {LabelledImages} from '@gradwire/datasets/node';
import {exponentialDecay} from '@gradwire/optimizers';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {Experiment} from '../experiment.js';
import {choice, integer, positive, toggle} from '../flag.js';
import {imageTensors} from '../imageTensors.js';
import type {Setting} from '../setting.js';
import type {Training} from '../training.js';
import {miniBatches} from './miniBatches.js';
import {notesCells} from './notesCells.js';
import {activations, inits, notesModel} from './notesModel.js';
import {optimizers} from './notesOptimizers.js';
import type {NotesOptions} from './notesOptions.js';

const BATCH_SIZE = 100;
const EVALUATED_AT_ONCE = 1000;

/**
 * The one training that notes on a chapter about vanishing gradients have measured, and what the chapter names against them:
 * initialisation, activations, batch normalisation, clipping, optimizers, a falling rate, dropout.
 */
export const notes: Experiment<NotesOptions> = {
  name: 'notes',
  seedDoc: 4,
  summary: 'MNIST, 784-300-100-10 with leaky ReLU, and the remedies of a textbook’s chapter',
  source: 'notes on Géron, "Hands-On Machine Learning", chapter 11',
  images: 'mnist',
  flags: {
    activation: choice('activation of the hidden layers', keysOf(activations), 'leaky_relu', {short: 'a'}),
    init: choice('distribution of the first kernels', keysOf(inits), 'xavier_uniform'),
    batchNorm: toggle('normalise batches, before each activation'),
    dropout: toggle('drop half of the inputs and of the hidden units'),
    optimizer: choice('optimizer', keysOf(optimizers), 'sgd', {short: 'o'}),
    rate: positive('learning rate', 0.01),
    decay: toggle('let the rate fall to a tenth in 10,000 updates'),
    clip: toggle('clip each entry of the gradients to ±1'),
    epochs: integer('epochs', 20, {short: 'e'}),
    batches: integer('batches of 100 images in an epoch; 550 are all images', 100),
  },
  cells: notesCells,
  compose,
};

async function compose(options: NotesOptions, {seed, consumers, images}: Setting): Promise<Training> {
  const {epochs, batches, rate, decay, clip} = options;
  const {train, test} = await images();
  const model = notesModel(options, train.images.length / train.count, seed);
  const trainer = createTrainer({
    model,
    loss: 'categoricalCrossentropy',
    optimizer: optimizers[options.optimizer](rate),
    ...(decay ? {schedule: exponentialDecay({rate, factor: 0.1, every: 10_000})} : {}),
    transforms: clip ? [clipByValue({value: 1})] : [],
    metrics: ['accuracy'],
    seed,
    captures: diagnosisCaptures({when: every(20)}),
    consumers: [diagnosis(), ...consumers],
  });
  const next = miniBatches(withoutValidation(train), {batchSize: BATCH_SIZE, perEpoch: batches, seed});
  const batchOf = (epoch: number, batch: number): ImageBatch => tensorsOf(next(epoch, batch));
  function* data(epoch: number): Generator<ImageBatch> {
    for (let batch = 0; batch < batches; batch++) yield batchOf(epoch, batch);
  }
  const tested = testBatches(test);
  return {
    stages: [{model, trainer, data, options: {epochs, validationData: tested}}],
    async evaluate() {
      const {acc, loss} = await trainer.evaluate(tested);
      const {xs, ys} = batchOf(epochs - 1, batches - 1);
      const last = await trainer.evaluate([{xs, ys}]);
      tf.dispose([xs, ys]);
      return {test_acc: acc!, test_loss: loss!, last_batch_acc: last['acc']!};
    },
    dispose() {
      trainer.dispose();
      model.dispose();
      tf.dispose(tested.flatMap(({xs, ys}) => [xs, ys]));
    },
  };
}

interface ImageBatch {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
}

function tensorsOf(images: LabelledImages): ImageBatch {
  const {x, y} = imageTensors(images);
  return {xs: x, ys: y};
}

/** Cut once: on wasm, every slice of a tensor copies all of it. */
function testBatches({count, images, labels}: LabelledImages): ImageBatch[] {
  const pixels = images.length / count;
  return Array.from({length: Math.ceil(count / EVALUATED_AT_ONCE)}, (_, i) => {
    const [start, end] = [i * EVALUATED_AT_ONCE, Math.min(count, (i + 1) * EVALUATED_AT_ONCE)];
    return tensorsOf({
      count: end - start,
      images: images.subarray(start * pixels, end * pixels),
      labels: labels.subarray(start, end),
    });
  });
}

/** All but the first twelfth, the 5000 images that TensorFlow 1 sets apart. */
function withoutValidation({count, images, labels}: LabelledImages): LabelledImages {
  const first = Math.floor(count / 12);
  return {
    count: count - first,
    images: images.subarray((first * images.length) / count),
    labels: labels.subarray(first),
  };
}

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(record) as K[];
}
