import {every} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {createTrainer} from './createTrainer.js';
import type {TrainerOptions} from './trainerOptions.js';

const model = (): tf.LayersModel => tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});

/** What a user of plain JavaScript may pass. */
function create(options: Record<string, unknown>): () => unknown {
  const needed = {model: model(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)};
  return () => createTrainer({...needed, ...options} as unknown as TrainerOptions);
}

describe('createTrainer names what it rejects:', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'an option that it does not know',
      {transform: []},
      "createTrainer: there is no option 'transform'. Options: model, loss",
    ],
    [
      'one transform without a list',
      {transforms: {name: 'x'}},
      'createTrainer: transforms must be a list, got a plain object.',
    ],
    ['captures that are no list', {captures: 1}, 'createTrainer: captures must be a list, got the number 1.'],
    ['a consumer that is none', {consumers: ['x']}, "got the string 'x'."],
    [
      'a consumer factory that was not called',
      {consumers: [() => () => {}]},
      'which returned an anonymous function. Was the factory not called?',
    ],
    [
      'a capture factory that was not called',
      {captures: [{when: every(1)}]},
      'createTrainer: captures must be captures',
    ],
    [
      'a capture that is due at a number',
      {captures: [{name: 'x', when: 10, measure: () => ({})}]},
      "createTrainer: when of capture 'x' must be a function, e.g. every(10), got the number 10.",
    ],
    [
      'metrics that are no list',
      {metrics: 'accuracy'},
      "createTrainer: metrics must be a list, e.g. ['accuracy'], got the string 'accuracy'.",
    ],
    [
      'a metric that tfjs does not know',
      {metrics: ['acuracy']},
      'createTrainer: loss or metrics do not fit the model: ',
    ],
    [
      'a loss that tfjs does not know',
      {loss: 'meanSquareError'},
      'createTrainer: loss or metrics do not fit the model: ',
    ],
    [
      'a number as schedule',
      {schedule: 0.1},
      'createTrainer: schedule must be a function, (step) => rate, got the number 0.1.',
    ],
    [
      'a number as readLoss',
      {readLoss: 10},
      'createTrainer: readLoss must be a function, e.g. every(10), got the number 10.',
    ],
    [
      'an unknown policy',
      {onDivergence: 'ignore'},
      "createTrainer: onDivergence must be 'stop' or 'continue', got the string 'ignore'.",
    ],
    ['a seed that is text', {seed: '42'}, 'createTrainer: seed must be a whole number >= 0'],
    [
      'variables that are no list',
      {variables: tf.scalar(1)},
      'createTrainer: variables must be a list of tf.Variables',
    ],
  ])('%s', (_what, options, message) => {
    expect(create(options)).toThrow(message);
  });

  it('options that are missing altogether', () => {
    const bare = createTrainer as unknown as () => unknown;
    expect(bare).toThrow(
      'createTrainer: options must be an object, e.g. createTrainer({model: model, loss: ',
    );
  });
});

describe('Trainer.fit names what it rejects:', () => {
  const data = {x: tf.ones([2, 2]), y: tf.ones([2, 1])};
  it.each<[string, Record<string, unknown>, string]>([
    [
      'callbacks',
      {callbacks: {}},
      'Trainer.fit: there are no callbacks; subscribe to events$, or pass consumers',
    ],
    [
      'an option that it does not know',
      {verbose: 1},
      "Trainer.fit: there is no option 'verbose'. Options: epochs, initialEpoch, batchSize",
    ],
    [
      'early stopping without options',
      {earlyStopping: true},
      'earlyStopping: options must be an object, e.g. ',
    ],
    [
      'an unknown option of early stopping',
      {earlyStopping: {min_delta: 1}},
      "earlyStopping: there is no option 'min_delta'.",
    ],
  ])('%s', async (_what, options, message) => {
    const trainer = create({})() as ReturnType<typeof createTrainer>;
    await expect(trainer.fit(data, options)).rejects.toThrow(message);
  });
});

it('metrics by output name are those of tfjs-layers', async () => {
  const input = tf.input({shape: [2]});
  const outputs = ['a', 'b'].map(
    (name) => tf.layers.dense({units: 1, name}).apply(input) as tf.SymbolicTensor,
  );
  const trainer = createTrainer({
    model: tf.model({inputs: input, outputs}),
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0.1),
    metrics: {b: ['mae']},
  });
  const {history} = await trainer.fit({x: tf.ones([2, 2]), y: [tf.ones([2, 1]), tf.ones([2, 1])]});
  expect(Object.keys(history)).toEqual(['loss', 'a_loss', 'b_loss', 'b_mae']);
});

it('functions of narrower tensors are accepted as models and losses', async () => {
  const w = tf.variable(tf.ones([2, 1]) as tf.Tensor2D);
  const trainer = createTrainer({
    model: (x: tf.Tensor2D) => tf.matMul(x, w),
    variables: [w],
    loss: (yTrue: tf.Tensor2D, yPred: tf.Tensor2D) => tf.losses.meanSquaredError(yTrue, yPred) as tf.Scalar,
    optimizer: tf.train.sgd(0.1),
  });
  expect((await trainer.fit({x: tf.ones([2, 2]), y: tf.ones([2, 1])})).history['loss']).toEqual([1]);
});
