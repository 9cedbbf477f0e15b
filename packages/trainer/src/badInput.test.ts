import {masked} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  batchNormMlp,
  expectNoNewTensors,
  mlp,
  record,
  samples,
  scaled,
  twoInTwoOut,
  useCpu,
  wave,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, type FitOptions, type TrainerOptions, type TrainingData} from './index.js';

useCpu();

const N = 8;
const good = (): TrainerOptions => ({
  model: mlp(),
  loss: 'meanSquaredError',
  optimizer: tf.train.sgd(0.1),
});

describe('createTrainer rejects', () => {
  it.each<readonly [string, () => object, string]>([
    [
      'no model',
      () => ({model: undefined}),
      'createTrainer: model must be a LayersModel or a function, got undefined.',
    ],
    [
      'a model that is none',
      () => ({model: 'mlp'}),
      "createTrainer: model must be a LayersModel or a function, got the string 'mlp'.",
    ],
    [
      'a factory in place of its transform',
      () => ({
        transforms: [
          function clipByNorm({maxNorm}: {maxNorm?: number}) {
            throw new RangeError(`clipByNorm: maxNorm must be a number > 0, got ${maxNorm}.`);
          },
        ],
      }),
      "transforms: clipByNorm was called with the trainer's services and has thrown: clipByNorm: maxNorm must be a number > 0, got undefined. If it is a factory, call it: transforms: [clipByGlobalNorm({maxNorm: 1})].",
    ],
    ['no loss', () => ({loss: undefined}), "createTrainer: loss is missing, e.g. loss: 'meanSquaredError'."],
    ['null as loss', () => ({loss: null}), "createTrainer: loss is missing, e.g. loss: 'meanSquaredError'."],
    ['a loss that is unknown', () => ({loss: 'meanSquareError'}), 'meanSquareError'],
    ['a metric that is unknown', () => ({metrics: ['acuracy']}), 'acuracy'],
    [
      'the name of an optimizer',
      () => ({optimizer: 'adam'}),
      "createTrainer: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got the string 'adam'.",
    ],
    [
      'no optimizer',
      () => ({optimizer: undefined}),
      'createTrainer: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got undefined.',
    ],
    ['a negative seed', () => ({seed: -1}), 'seed must be a whole number >= 0, got -1.'],
    ['a seed that is no number', () => ({seed: Number.NaN}), 'seed must be a whole number >= 0, got NaN.'],
    ['a transform that is none', () => ({transforms: [{}]}), 'transform 0 must be a GradientTransform'],
    [
      'losses for more outputs than there are',
      () => ({loss: ['meanSquaredError', 'meanSquaredError']}),
      'one entry per model output',
    ],
    ['a loss for an output that is not there', () => ({loss: {nowhere: 'meanSquaredError'}}), 'nowhere'],
    [
      'a model without trainable weights',
      () => {
        const model = mlp();
        model.trainable = false;
        return {model};
      },
      'createTrainer: model has no trainable weights.',
    ],
    ['a model that is not built', () => ({model: tf.sequential()}), 'createTrainer: model'],
    [
      'a function without variables',
      () => ({model: (x: tf.Tensor) => x, loss: tf.losses.meanSquaredError}),
      'createTrainer: variables must list what a model that is a function trains.',
    ],
    [
      'a function with variables that are not trainable',
      () => ({
        model: (x: tf.Tensor) => x,
        loss: tf.losses.meanSquaredError,
        variables: [tf.variable(tf.scalar(1), false)],
      }),
      'createTrainer: variables',
    ],
    [
      'a loss by name for a function',
      () => ({model: (x: tf.Tensor) => x, variables: [tf.variable(tf.scalar(1))]}),
      'createTrainer: loss must be a function (yTrue, yPred) => tensor for a model that is a function, got "meanSquaredError".',
    ],
    [
      'a metric by name for a function',
      () => ({
        model: (x: tf.Tensor) => x,
        loss: tf.losses.meanSquaredError,
        metrics: ['mae'],
        variables: [tf.variable(tf.scalar(1))],
      }),
      'createTrainer: metrics must be a function (yTrue, yPred) => tensor for a model that is a function, got "mae".',
    ],
  ])('%s', (_, wrong, message) => {
    expect(() => createTrainer({...good(), ...wrong()} as TrainerOptions)).toThrow(message);
  });
});

interface Bad {
  readonly name: string;
  readonly data?: () => unknown;
  readonly options?: () => object;
  readonly model?: () => tf.LayersModel;
  readonly trainer?: Partial<TrainerOptions>;
  readonly message: string;
}

const bad: readonly Bad[] = [
  {
    name: 'null as data',
    data: () => null,
    message:
      'Trainer.fit: data must give tensors {x, y}, a tf.data dataset or an iterable of batches {xs, ys}, got null.',
  },
  {
    name: 'no data',
    data: () => undefined,
    message:
      'Trainer.fit: data must give tensors {x, y}, a tf.data dataset or an iterable of batches {xs, ys}, got undefined.',
  },
  {name: 'a number as data', data: () => 3, message: 'iterable of batches {xs, ys}, got the number 3.'},
  {
    name: 'text as data',
    data: () => 'mnist',
    message: "iterable of batches {xs, ys}, got the string 'mnist'.",
  },
  {name: 'one tensor as data', data: () => wave([N, 3]), message: 'got a tensor of shape [8,3].'},
  {name: 'one batch as data', data: () => ({xs: wave([N, 3]), ys: wave([N, 1])}), message: 'got {xs, ys}.'},
  {
    name: 'a function that returns no iterable',
    data: () => () => 3,
    message: 'Trainer.fit: data (a function) must give',
  },
  {
    name: 'a function that returns a promise',
    data: () => () => Promise.resolve([]),
    message: 'Trainer.fit: data (a function) must give',
  },
  {
    name: 'an array of tensors',
    data: () => [wave([N, 3]), wave([N, 1])],
    message: 'Trainer.fit: data must yield batches {xs, ys} of tensors, got a tensor of shape [8,3].',
  },
  {
    name: 'batches without ys',
    data: () => [{xs: wave([N, 3])}],
    message: 'Trainer.fit: data must yield batches {xs, ys} of tensors, got {xs}.',
  },
  {
    name: 'batches without xs',
    data: () => () => [{ys: wave([N, 1])}],
    message: 'Trainer.fit: data must yield batches {xs, ys} of tensors, got {ys}.',
  },
  {
    name: 'batches of numbers',
    data: () => [{xs: [[1, 2, 3]], ys: [[1]]}],
    message: 'of tensors, got {xs, ys}.',
  },
  {
    name: 'an empty array',
    data: () => [],
    message: 'Trainer.fit: data is empty; at least one batch is needed.',
  },
  {
    name: 'a function that returns nothing to iterate',
    data: () => () => [],
    message: 'Trainer.fit: data is empty; at least one batch is needed.',
  },
  {
    name: 'an empty dataset',
    data: () => tf.data.array([]),
    message: 'Trainer.fit: data is empty; at least one batch is needed.',
  },
  {
    name: 'tensors of no rows',
    data: () => ({x: tf.zeros([0, 3]), y: tf.zeros([0, 1])}),
    message: 'Trainer.fit: data is empty; at least one sample is needed.',
  },
  {
    name: 'a batch of no rows',
    data: () => () => [{xs: tf.zeros([0, 3]), ys: tf.zeros([0, 1])}],
    message: 'Trainer.fit: data is empty; at least one sample is needed.',
  },
  {
    name: 'x without y',
    data: () => ({x: wave([N, 3]), y: undefined}),
    message: 'Trainer.fit: data.y must be a tensor or several, got undefined.',
  },
  {
    name: 'arrays of numbers as x',
    data: () => ({x: [[1, 2, 3]], y: wave([1, 1])}),
    message: 'Trainer.fit: data.x must be a tensor or several, got a list of 1.',
  },
  {
    name: 'x and y of different length',
    data: () => ({x: wave([N, 3]), y: wave([N - 1, 1])}),
    message: 'Trainer.fit: data does not fit the model: Input Tensors should have the same number of samples',
  },
  {
    name: 'xs and ys of different length',
    data: () => [{xs: wave([N, 3]), ys: wave([2, 1])}],
    message: 'Trainer.fit: data does not fit the model: Input Tensors should have the same number of samples',
  },
  {
    name: 'flat labels of different length',
    data: () => ({x: wave([N, 3]), y: wave([N - 1])}),
    message: 'Found 8 input sample(s) and 7 target sample(s).',
  },
  {
    name: 'flat labels in a batch of different length',
    data: () => [{xs: wave([N, 3]), ys: wave([N - 1])}],
    message: 'Found 8 input sample(s) and 7 target sample(s).',
  },
  {
    name: 'data that do not fit, beside validation data that do',
    data: () => ({x: wave([N, 3]), y: wave([N, 2])}),
    options: () => ({validationData: samples(2)}),
    message: 'Trainer.fit: data does not fit the model: target expected',
  },
  {
    name: 'labels of another shape',
    data: () => ({x: wave([N, 3]), y: wave([N, 2])}),
    message: 'Trainer.fit: data does not fit the model: target expected',
  },
  {
    name: 'labels of another rank',
    data: () => ({x: wave([N, 3]), y: wave([N, 1, 1])}),
    message: 'Trainer.fit: data does not fit the model: Error when checking target',
  },
  {
    name: 'samples of another shape',
    data: () => ({x: wave([N, 2]), y: wave([N])}),
    message: 'Trainer.fit: data does not fit the model: input expected',
  },
  {
    name: 'batches of another shape',
    data: () => [
      {xs: wave([N, 3]), ys: wave([N, 1])},
      {xs: wave([N, 3]), ys: wave([N, 2])},
    ],
    message: 'Trainer.fit: data does not fit the model: target expected',
  },
  {
    name: 'a dataset of another shape',
    data: () => tf.data.array([{xs: [1, 2, 3], ys: [1, 2]}]).batch(1),
    message: 'Trainer.fit: data does not fit the model: target expected',
  },
  {
    name: 'a dataset without batches',
    data: () => tf.data.array([{xs: [1, 2, 3], ys: [1]}]),
    message: 'Trainer.fit: data must yield batches {xs, ys} of tensors, got {xs, ys}.',
  },
  {
    name: 'one input for two',
    model: twoInTwoOut,
    data: () => ({x: wave([N, 3]), y: [wave([N, 2]), wave([N, 1])]}),
    message: 'Trainer.fit: data does not fit the model: The model input expects 2 Tensor(s)',
  },
  {
    name: 'an output by a wrong name',
    model: twoInTwoOut,
    data: () => ({x: [wave([N, 3]), wave([N, 2])], y: {left: wave([N, 2]), wrong: wave([N, 1])}}),
    message: 'No data provided for "right"',
  },
  {
    name: 'class weights of two outputs without their names',
    model: twoInTwoOut,
    data: () => ({x: [wave([N, 3]), wave([N, 2])], y: [wave([N, 2]), wave([N, 1])]}),
    options: () => ({classWeight: {0: 1, 1: 2}}),
    message: 'Trainer.fit: classWeight must name the output that it is for: {outputName: {0: 1, ...}}.',
  },
  {
    name: 'a class without weight',
    data: () => ({x: wave([N, 3]), y: tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1])}),
    options: () => ({classWeight: {0: 1, 1: 2}}),
    message: 'Trainer.fit: classWeight has no weight for class 2, which occurs in the data.',
  },
  {
    name: 'a class without weight in the second of two outputs',
    model: twoInTwoOut,
    data: () => ({x: [wave([N, 3]), wave([N, 2])], y: [tf.ones([N, 2]), tf.ones([N, 1])]}),
    options: () => ({classWeight: {left: {0: 1}, right: {0: 1}}}),
    message: 'Trainer.fit: classWeight has no weight for class 1',
  },
  {
    name: 'class weights for an output that is not there',
    model: twoInTwoOut,
    data: () => ({x: [wave([N, 3]), wave([N, 2])], y: [tf.ones([N, 2]), tf.ones([N, 1])]}),
    options: () => ({classWeight: {nowhere: {0: 1, 1: 1}}}),
    message: "Trainer.fit: classWeight names 'nowhere'",
  },
  {
    name: 'no epochs',
    options: () => ({epochs: 0}),
    message: 'Trainer.fit: epochs must be a whole number >= 1, got 0.',
  },
  {
    name: 'half an epoch',
    options: () => ({epochs: 0.5}),
    message: 'Trainer.fit: epochs must be a whole number >= 1, got 0.5.',
  },
  {
    name: 'epochs as text',
    options: () => ({epochs: '3'}),
    message: "Trainer.fit: epochs must be a whole number >= 1, got the string '3'.",
  },
  {
    name: 'a batch size of 0',
    options: () => ({batchSize: 0}),
    message: 'Trainer.fit: batchSize must be a whole number >= 1, got 0.',
  },
  {
    name: 'a batch size of NaN',
    options: () => ({batchSize: Number.NaN}),
    message: 'Trainer.fit: batchSize must be a whole number >= 1, got NaN.',
  },
  {
    name: 'a validation split of 1',
    options: () => ({validationSplit: 1}),
    message: 'Trainer.fit: validationSplit must be between 0 and 1, got 1.',
  },
  {
    name: 'a validation split of 0',
    options: () => ({validationSplit: 0}),
    message: 'Trainer.fit: validationSplit must be between 0 and 1, got 0.',
  },
  {
    name: 'a validation split that leaves nothing',
    options: () => ({validationSplit: 0.99}),
    message: 'Trainer.fit: validationSplit 0.99 of 8 samples leaves 0 for training and 8 for validation.',
  },
  {
    name: 'a validation split of a stream',
    data: () => [{xs: wave([N, 3]), ys: wave([N, 1])}],
    options: () => ({validationSplit: 0.5}),
    message: 'Trainer.fit: validationSplit needs data {x, y}; pass validationData for a stream.',
  },
  {
    name: 'two kinds of validation',
    options: () => ({validationSplit: 0.5, validationData: samples(2)}),
    message: 'Trainer.fit: give validationSplit or validationData, not both.',
  },
  {
    name: 'null as validation data',
    options: () => ({validationData: null}),
    message: 'Trainer.fit: validationData must give tensors {x, y}',
  },
  {
    name: 'validation data as model.fit takes them',
    options: () => ({validationData: [wave([N, 3]), wave([N, 1])]}),
    message:
      'Trainer.fit: validationData must yield batches {xs, ys} of tensors, got a tensor of shape [8,3].',
  },
  {
    name: 'validation labels of another shape',
    options: () => ({validationData: {x: wave([N, 3]), y: wave([N, 2])}}),
    message: 'Trainer.fit: validationData does not fit the model: target expected',
  },
  {
    name: 'validation batches of another shape',
    options: () => ({validationData: [{xs: wave([N, 3]), ys: wave([N, 2])}]}),
    message: 'Trainer.fit: validationData does not fit the model: target expected',
  },
  {
    name: 'empty validation data',
    options: () => ({validationData: []}),
    message: 'Trainer.fit: validationData is empty; at least one batch is needed.',
  },
  {
    name: 'a negative patience',
    options: () => ({earlyStopping: {patience: -1}}),
    message: 'earlyStopping: patience must be a whole number >= 0, got -1.',
  },
  {
    name: 'a negative minDelta',
    options: () => ({earlyStopping: {minDelta: -0.1}}),
    message: 'earlyStopping: minDelta must be >= 0, got -0.1.',
  },
  {
    name: 'a mode that is none',
    options: () => ({earlyStopping: {mode: 'auto'}}),
    message: "earlyStopping: mode must be 'min' or 'max', got auto.",
  },
  {
    name: 'a value to watch that is not measured',
    options: () => ({earlyStopping: {monitor: 'val_acc'}, validationData: samples(2)}),
    message: "earlyStopping: monitor 'val_acc' is not measured in this run. Measured: loss, val_loss.",
  },
  {
    name: 'a selector that matches nothing',
    trainer: {transforms: [masked('conv*/**', scaled({factor: 2}))]},
    message: 'masked: the selector conv*/** matches no parameter. Nearest of 4: ',
  },
];

describe('fit rejects before the first step, with weights and memory untouched:', () => {
  it.each(bad)(
    '$name',
    async ({data = () => samples(N), options = () => ({}), model = mlp, trainer: parts, message}) => {
      const own = model();
      const trainer = createTrainer({...good(), model: own, ...parts});
      const events = record(trainer);
      const weights = weightsOf(own);
      const given = data() as TrainingData;
      const fitOptions: FitOptions = options();
      await tf.nextFrame();
      const before = tf.memory().numTensors;

      await expect(trainer.fit(given, fitOptions)).rejects.toThrow(message);

      expect(events.map(({type}) => type)).not.toContain('step');
      expect(weightsOf(own)).toEqual(weights);
      expect(tf.memory().numTensors - before).toBe(0);
      // And it can still be trained.
      trainer.dispose();
      const again = createTrainer({...good(), model: own});
      const x = own.inputs.length === 1 ? wave([N, 3]) : [wave([N, 3]), wave([N, 2])];
      const y = own.outputs.length === 1 ? wave([N, 1]) : [wave([N, 2]), wave([N, 1])];
      expect((await again.fit({x, y})).reason).toBe('completed');
    },
  );
});

describe('a model that is a function rejects', () => {
  const w = (): tf.Variable => tf.variable(tf.scalar(0.5));
  const trained = (parts: Partial<TrainerOptions>): TrainerOptions => {
    const variable = w();
    return {
      model: (x) => tf.mul(x, variable),
      variables: [variable],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.sgd(0.1),
      ...parts,
    };
  };
  const data = (): TrainingData => ({x: wave([N, 1]), y: wave([N, 1])});

  it.each<readonly [string, Partial<TrainerOptions>, () => unknown, string]>([
    [
      'a loss that is no scalar',
      {loss: (yTrue, yPred) => tf.squaredDifference(yTrue, yPred)},
      data,
      'createTrainer: loss must return a scalar, got shape [8,1]. Average over the batch, e.g. with tf.mean.',
    ],
    [
      'a model that returns nothing',
      {model: () => undefined as never},
      data,
      'createTrainer: model must return a tensor, got undefined.',
    ],
    [
      'a loss that returns a number',
      {loss: () => 1 as never},
      data,
      'createTrainer: loss must return a scalar',
    ],
    [
      'several inputs',
      {},
      () => ({x: [wave([N, 1])], y: wave([N, 1])}),
      'x must be one tensor for a model that is a function.',
    ],
    [
      'x and y of different length',
      {},
      () => ({x: wave([N, 1]), y: wave([1, 1])}),
      'Trainer.fit: data: x and y must have equally many samples, got 8, 1.',
    ],
    [
      'xs and ys of different length',
      {},
      () => [{xs: wave([N, 1]), ys: wave([1, 1])}],
      'Trainer.fit: data: x and y must have equally many samples, got 8, 1.',
    ],
    ['scalars', {}, () => ({x: tf.scalar(1), y: tf.scalar(1)}), 'a scalar has no axis that counts samples.'],
    [
      'no rows',
      {},
      () => ({x: tf.zeros([0, 1]), y: tf.zeros([0, 1])}),
      'Trainer.fit: data is empty; at least one sample is needed.',
    ],
  ])('%s', async (_, parts, given, message) => {
    const options = trained(parts);
    const trainer = createTrainer(options);
    const input = given() as TrainingData;
    await expectNoNewTensors(() => expect(trainer.fit(input)).rejects.toThrow(message));
    expect(options.variables![0]!.dataSync()[0]).toBe(0.5);
  });
});

describe('what is not known before the first step', () => {
  it('a metric that throws leaves no tensors behind and the weights as they were', async () => {
    const model = batchNormMlp();
    const trainer = createTrainer({
      ...good(),
      model,
      metrics: [
        function broken() {
          throw new Error('broken metric');
        },
      ],
    });
    const weights = weightsOf(model);
    const data = samples(N);
    await expectNoNewTensors(() => expect(trainer.fit(data)).rejects.toThrow('broken metric'));
    expect(weightsOf(model)).toEqual(weights);
  });

  it('labels that only a custom loss finds wrong', async () => {
    const model = batchNormMlp();
    const trainer = createTrainer({
      ...good(),
      model,
      loss: () => {
        throw new Error('broken loss');
      },
    });
    const weights = weightsOf(model);
    const data = samples(N);
    await expectNoNewTensors(() => expect(trainer.fit(data)).rejects.toThrow('broken loss'));
    expect(weightsOf(model)).toEqual(weights);
  });
});

describe('evaluate rejects', () => {
  it.each<readonly [string, () => unknown, object, string]>([
    [
      'a batch size of 0',
      () => samples(N),
      {batchSize: 0},
      'Trainer.evaluate: batchSize must be a whole number >= 1, got 0.',
    ],
    ['no data', () => undefined, {}, 'Trainer.evaluate: data must give tensors {x, y}'],
    [
      'labels of another shape',
      () => ({x: wave([N, 3]), y: wave([N, 2])}),
      {},
      'Trainer.evaluate: data does not fit the model',
    ],
    ['an empty stream', () => () => [], {}, 'Trainer.evaluate: data is empty'],
  ])('%s', async (_, data, options, message) => {
    const trainer = createTrainer(good());
    const given = data() as TrainingData;
    await expectNoNewTensors(() => expect(trainer.evaluate(given, options)).rejects.toThrow(message));
  });
});
