import {diagnosis, diagnosisCaptures, histograms, weightStats} from '@gradwire/capture';
import {anyOf, firstSteps, mixSeeds} from '@gradwire/core';
import {freeze} from '@gradwire/procedures';
import {createTrainer, type Trainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {Experiment} from '../experiment.js';
import {choice, type Flag, integer, positive, toggle} from '../flag.js';
import {imageTensors} from '../imageTensors.js';
import type {Setting} from '../setting.js';
import type {EpochLogs, Training} from '../training.js';
import {remediesCells} from './remediesCells.js';
import {OPTIMIZERS, type RemediesOptions, VARIANTS} from './remediesOptions.js';
import {splitImages} from './splitImages.js';
import {type StageModel, stageModels} from './stageModels.js';
import {optimizerOf} from './variantSettings.js';

const BATCH_SIZE = 512;

/**
 * The third seed: a network of seven sigmoid layers on Fashion-MNIST that does not learn, and what is done about it.
 *
 * `val_loss` is the mean over the validation images; the published programs print 0.6 of it.
 */
export const remedies: Experiment<RemediesOptions> = {
  name: 'remedies',
  seedDoc: 3,
  summary: 'seven sigmoid layers on Fashion-MNIST that do not learn, and nine remedies, one at a time',
  source: 'T-Sunm, "Vanishing-Gradient", github.com/T-Sunm/Vanishing-Gradient',
  seed: 42,
  images: 'fashion-mnist',
  flags: {
    variant: choice('which remedy', VARIANTS, 'original'),
    optimizer: choice("which optimizer; auto: the variant's", OPTIMIZERS, 'auto'),
    rate: rateFlag(),
    epochs: integer('passes over the training images, of each stage where there are several', 100, {
      short: 'e',
    }),
    frozen: toggle('freeze the lower layers in layer-wise training, which the published program does not'),
  },
  cells: remediesCells,
  async compose(options, setting) {
    if (options.frozen && options.variant !== 'layerwise') {
      throw new RangeError(`--frozen needs --variant layerwise, got ${options.variant}.`);
    }
    const {train, test} = await setting.images();
    const {training, validation} = splitImages(train, setting.seed);
    return trainingOn(
      {training: imageTensors(training), validation: imageTensors(validation), test: imageTensors(test)},
      options,
      setting,
    );
  },
};

/** A number > 0, or none. */
function rateFlag(): Flag<number | 'auto'> {
  const {read, ...rate} = positive("learning rate; auto: the variant's", 1e-2);
  return {...rate, default: 'auto', read: (value, where) => (value === 'auto' ? value : read(value, where))};
}

type Images = Readonly<Record<'training' | 'validation' | 'test', ReturnType<typeof imageTensors>>>;

function trainingOn(images: Images, options: RemediesOptions, {seed, consumers}: Setting): Training {
  const {training, validation, test} = images;
  const models = stageModels(options.variant, training.x.shape[1], seed);
  const stages = models.map((stage, i) => {
    const trainer = trainerOf(stage, options, {
      seed: models.length === 1 ? seed : mixSeeds(seed, i),
      consumers,
      batches: Math.ceil(training.x.shape[0] / BATCH_SIZE),
    });
    return {
      ...(stage.name === undefined ? {} : {name: stage.name}),
      model: stage.model,
      trainer,
      data: training,
      options: {epochs: options.epochs, batchSize: BATCH_SIZE, validationData: validation},
    };
  });
  return {
    stages,
    async evaluate(logs = []) {
      // One that diverged ended with an earlier stage.
      const last = stages[logs.length - 1] ?? stages.at(-1)!;
      const {loss: train_loss, acc: train_acc} = logs.at(-1) ?? {};
      const {loss: val_loss, acc: val_acc} = await score(last.trainer, validation);
      const {acc: test_acc} = await score(last.trainer, test);
      const figures = {train_loss, train_acc, val_loss, val_acc, test_acc, ...afterStages(logs)};
      return Object.fromEntries(Object.entries(figures).filter(isKnown));
    },
    dispose() {
      for (const {trainer} of stages) trainer.dispose();
      // Models would free the layers that they share once each.
      for (const layer of new Set(stages.flatMap(({model}) => model.layers))) layer.dispose();
      for (const {x, y} of Object.values(images)) tf.dispose([x, y]);
    },
  };
}

function trainerOf(
  {model, frozen}: StageModel,
  options: RemediesOptions,
  {seed, consumers, batches}: Omit<Setting, 'images'> & {readonly batches: number},
): Trainer {
  // As it begins, and as the published gradients were measured.
  const when = anyOf(firstSteps(1), (_step, {batch}) => batch === batches - 1);
  return createTrainer({
    model,
    loss: (y: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(y, logits),
    optimizer: optimizerOf(options),
    metrics: ['accuracy'],
    seed,
    transforms: options.frozen && frozen > 0 ? [freeze({select: `hidden[1-${frozen}]/**`})] : [],
    captures: [
      ...diagnosisCaptures({when}),
      histograms({when, of: 'gradients', parameters: '**/kernel'}),
      weightStats({when}),
    ],
    consumers: [...consumers, diagnosis()],
  });
}

/** Batches as in training, since one of the variants normalises by them in prediction too. */
function score(trainer: Trainer, {x, y}: Images['test']): Promise<Record<string, number>> {
  return trainer.evaluate({x, y}, {batchSize: BATCH_SIZE});
}

/** Validation accuracies after each stage, where there are several. */
function afterStages(logs: readonly EpochLogs[]): Record<string, number | undefined> {
  if (logs.length <= 1) return {};
  return Object.fromEntries(logs.map(({val_acc}, i) => [`stage${i + 1}_val_acc`, val_acc]));
}

function isKnown(entry: [string, number | undefined]): entry is [string, number] {
  return entry[1] !== undefined;
}
