import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  batchNormMlp,
  labels,
  mlp,
  numbers,
  samples,
  twoInTwoOut,
  useCpu,
  wave,
  weightsOf,
  withWeights,
} from '../fixtures/training.js';
import {createTrainer, type LossSpec, type MetricSpec} from './index.js';

useCpu();

type Input = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

interface Case {
  readonly name: string;
  readonly model: () => tf.LayersModel;
  readonly data: () => {x: Input; y: Input};
  readonly loss: LossSpec;
  readonly metrics?: readonly MetricSpec[];
  readonly optimizer?: () => tf.Optimizer;
  readonly fit?: {
    batchSize?: number;
    validationSplit?: number;
    classWeight?: Record<number, number> | Record<string, Record<number, number>>;
  };
}

const N = 22;
const oneHot = (count: number, classes: number): tf.Tensor =>
  tf.cast(tf.oneHot(tf.tensor1d(labels(count, classes), 'int32'), classes), 'float32');
const indices = (count: number, classes: number): tf.Tensor =>
  tf.tensor2d(labels(count, classes), [count, 1]);

const classifier = (): tf.LayersModel =>
  withWeights(
    tf.sequential({
      layers: [
        tf.layers.dense({units: 5, activation: 'relu', inputShape: [3]}),
        tf.layers.dense({units: 3, activation: 'softmax'}),
      ],
    }),
  );

const binary = (): tf.LayersModel =>
  withWeights(tf.sequential({layers: [tf.layers.dense({units: 1, activation: 'sigmoid', inputShape: [3]})]}));

const twoTargets = (): {x: Input; y: Input} => ({
  x: [wave([N, 3], 2), wave([N, 2], 3)],
  y: [oneHot(N, 2), indices(N, 2)],
});

const cases: readonly Case[] = [
  {name: 'dense', model: mlp, data: () => samples(N), loss: 'meanSquaredError', metrics: ['mae']},
  {
    name: 'dense, sgd',
    model: mlp,
    data: () => samples(N),
    loss: 'meanAbsoluteError',
    optimizer: () => tf.train.sgd(0.1),
  },
  {
    name: 'dense, momentum',
    model: mlp,
    data: () => samples(N),
    loss: 'meanSquaredError',
    optimizer: () => tf.train.momentum(0.05, 0.9),
  },
  {
    name: 'dense, rmsprop',
    model: mlp,
    data: () => samples(N),
    loss: 'meanSquaredError',
    optimizer: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  },
  {
    name: 'dense, labels without a last axis',
    model: mlp,
    data: () => ({x: samples(N).x, y: wave([N], 5)}),
    loss: 'meanSquaredError',
  },
  {
    name: 'dense, one batch of all',
    model: mlp,
    data: () => samples(N),
    loss: 'meanSquaredError',
    fit: {batchSize: 64},
  },
  {
    name: 'a validation split',
    model: mlp,
    data: () => samples(N),
    loss: 'meanSquaredError',
    metrics: ['mse', 'mae'],
    fit: {validationSplit: 0.3},
  },
  {name: 'batch norm', model: batchNormMlp, data: () => samples(N), loss: 'meanSquaredError'},
  {
    name: 'categories',
    model: classifier,
    data: () => ({x: wave([N, 3]), y: oneHot(N, 3)}),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy', 'categoricalCrossentropy'],
    fit: {validationSplit: 0.2},
  },
  {
    name: 'sparse categories',
    model: classifier,
    data: () => ({x: wave([N, 3]), y: indices(N, 3)}),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['acc'],
  },
  {
    name: 'two classes',
    model: binary,
    data: () => ({x: wave([N, 3]), y: indices(N, 2)}),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy', 'precision', tf.metrics.recall],
  },
  {
    name: 'class weights, indices',
    model: binary,
    data: () => ({x: wave([N, 3]), y: indices(N, 2)}),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
    fit: {classWeight: {0: 3, 1: 0.5}},
  },
  {
    name: 'class weights, one-hot rows, validation split',
    model: classifier,
    data: () => ({x: wave([N, 3]), y: oneHot(N, 3)}),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    fit: {classWeight: {0: 3, 1: 0.5, 2: 0}, validationSplit: 0.25},
  },
  {
    name: 'dropout that is off',
    model: () =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.dense({units: 4, inputShape: [3]}),
            tf.layers.dropout({rate: 0}),
            tf.layers.dense({units: 1}),
          ],
        }),
      ),
    data: () => samples(N),
    loss: 'meanSquaredError',
  },
  {
    name: 'lstm',
    model: () =>
      withWeights(
        tf.sequential({
          layers: [tf.layers.lstm({units: 3, inputShape: [4, 2]}), tf.layers.dense({units: 1})],
        }),
      ),
    data: () => ({x: wave([N, 4, 2]), y: wave([N, 1])}),
    loss: 'meanSquaredError',
  },
  {
    name: 'embedding',
    model: () =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.embedding({inputDim: 6, outputDim: 3, inputLength: 4, maskZero: true}),
            tf.layers.flatten(),
            tf.layers.dense({units: 1}),
          ],
        }),
      ),
    data: () => ({x: tf.tensor2d(labels(N * 4, 6), [N, 4]), y: wave([N, 1])}),
    loss: 'meanSquaredError',
  },
  {
    name: 'convolution',
    model: () =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.conv2d({filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1]}),
            tf.layers.maxPooling2d({poolSize: 2}),
            tf.layers.flatten(),
            tf.layers.dense({units: 1}),
          ],
        }),
      ),
    data: () => ({x: wave([N, 6, 6, 1]), y: wave([N, 1])}),
    loss: 'meanSquaredError',
  },
  {
    name: 'regularizers, also in a model inside the model',
    model: () => {
      const inner = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 4,
            inputShape: [3],
            kernelRegularizer: tf.regularizers.l1l2({l1: 0.01, l2: 0.02}),
          }),
        ],
      });
      return withWeights(
        tf.sequential({
          layers: [
            inner,
            tf.layers.dense({
              units: 1,
              biasRegularizer: 'l1l2',
              kernelRegularizer: tf.regularizers.l2({l2: 0.1}),
            }),
          ],
        }),
      );
    },
    data: () => samples(N),
    loss: 'meanSquaredError',
    metrics: ['mse'],
    fit: {validationSplit: 0.2},
  },
  {
    name: 'a layer that is used twice',
    model: () => {
      const input = tf.input({shape: [3]});
      const shared = tf.layers.dense({units: 3, activation: 'tanh', kernelRegularizer: 'l1l2'});
      const twice = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
      return withWeights(
        tf.model({
          inputs: input,
          outputs: tf.layers.dense({units: 1}).apply(twice) as tf.SymbolicTensor,
        }),
      );
    },
    data: () => samples(N),
    loss: 'meanSquaredError',
  },
  {
    name: 'a frozen layer',
    model: () => {
      const model = mlp();
      model.layers[0]!.trainable = false;
      return model;
    },
    data: () => samples(N),
    loss: 'meanSquaredError',
  },
  {
    name: 'two inputs and outputs as arrays, a loss each',
    model: twoInTwoOut,
    data: twoTargets,
    loss: ['categoricalCrossentropy', 'binaryCrossentropy'],
    metrics: ['accuracy'],
  },
  {
    name: 'two inputs and outputs by name, losses by name',
    model: twoInTwoOut,
    data: () => ({
      x: {b: wave([N, 2], 3), a: wave([N, 3], 2)},
      y: {right: indices(N, 2), left: oneHot(N, 2)},
    }),
    loss: {right: 'meanSquaredError', left: 'categoricalCrossentropy'},
    metrics: ['accuracy', 'mse'],
  },
  {
    name: 'two outputs, one loss for both',
    model: twoInTwoOut,
    data: twoTargets,
    loss: 'meanSquaredError',
  },
  {
    name: 'two outputs, class weights for each',
    model: twoInTwoOut,
    data: twoTargets,
    loss: ['categoricalCrossentropy', 'binaryCrossentropy'],
    metrics: ['accuracy'],
    fit: {classWeight: {left: {0: 2, 1: 0.5}, right: {0: 0.25, 1: 4}}},
  },
];

const EPOCHS = 3;

describe('training ends at the weights of model.fit, bit by bit, and logs the same:', () => {
  it.each(cases)('$name', async ({model, data, loss, metrics = [], optimizer, fit = {}}) => {
    const make = optimizer ?? (() => tf.train.adam(0.01));
    const theirs = model();
    theirs.compile({loss: loss as string, metrics: [...metrics] as string[], optimizer: make()});
    const {x, y} = data();
    const expected = await theirs.fit(x, y, {
      epochs: EPOCHS,
      batchSize: 5,
      shuffle: false,
      verbose: 0,
      ...fit,
      ...(fit.classWeight === undefined ? {} : {classWeight: listPerOutput(theirs, fit.classWeight)}),
    } as tf.ModelFitArgs);

    const ours = model();
    const trainer = createTrainer({model: ours, loss, metrics, optimizer: make()});
    const {history, reason} = await trainer.fit(
      {x, y},
      {epochs: EPOCHS, batchSize: 5, shuffle: false, ...fit},
    );

    expect(reason).toBe('completed');
    expect(weightsOf(ours)).toEqual(weightsOf(theirs));
    expect(Object.keys(history).sort()).toEqual(Object.keys(expected.history).sort());
    for (const [key, values] of Object.entries(history)) {
      expect(values, key).toHaveLength(EPOCHS);
      values.forEach((value, i) => expect(value, key).toBeCloseTo(Number(expected.history[key]![i]), 5));
    }
  });
});

describe('model.fitDataset', () => {
  it('trains to the same weights on the same dataset', async () => {
    const dataset = (): tf.data.Dataset<tf.TensorContainer> =>
      tf.data
        .zip({
          xs: tf.data.array(samples(N).x.arraySync() as number[][]),
          ys: tf.data.array(samples(N).y.arraySync() as number[][]),
        })
        .batch(4);
    const theirs = mlp();
    theirs.compile({loss: 'meanSquaredError', metrics: ['mae'], optimizer: tf.train.adam(0.01)});
    const expected = await theirs.fitDataset(dataset(), {epochs: 2, verbose: 0, validationData: dataset()});

    const ours = mlp();
    const trainer = createTrainer({
      model: ours,
      loss: 'meanSquaredError',
      metrics: ['mae'],
      optimizer: tf.train.adam(0.01),
    });
    const {history} = await trainer.fit(dataset(), {epochs: 2, validationData: dataset()});

    expect(weightsOf(ours)).toEqual(weightsOf(theirs));
    for (const key of ['loss', 'mae']) {
      history[key]!.forEach((v, i) => expect(v, key).toBeCloseTo(Number(expected.history[key]![i]), 5));
    }
  });
});

describe('evaluate', () => {
  it('agrees with model.evaluate', async () => {
    const model = batchNormMlp();
    const {x, y} = samples(N);
    model.compile({loss: 'meanSquaredError', metrics: ['mae'], optimizer: tf.train.sgd(0.1)});
    const [loss, mae] = (model.evaluate(x, y, {batchSize: 5}) as tf.Tensor[]).map((t) => numbers(t)[0]!);

    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      metrics: ['mae'],
      optimizer: tf.train.sgd(0.1),
    });
    const logs = await trainer.evaluate({x, y}, {batchSize: 5});

    expect(Object.keys(logs)).toEqual(['loss', 'mae']);
    expect(logs['loss']).toBeCloseTo(loss!, 5);
    expect(logs['mae']).toBeCloseTo(mae!, 5);
  });

  it('logs each output of several under its own name, where model.fit mixes up the validation of several', async () => {
    const model = twoInTwoOut();
    const trainer = createTrainer({
      model,
      loss: ['categoricalCrossentropy', 'binaryCrossentropy'],
      metrics: ['accuracy'],
      optimizer: tf.train.sgd(0.1),
    });
    const {x, y} = twoTargets();
    const {history} = await trainer.fit({x, y}, {validationData: {x, y}, batchSize: 64});
    const logs = await trainer.evaluate({x, y}, {batchSize: 64});

    expect(Object.keys(logs)).toEqual(['loss', 'left_loss', 'right_loss', 'left_acc', 'right_acc']);
    for (const [key, value] of Object.entries(logs)) expect(history[`val_${key}`]).toEqual([value]);
    expect(logs['loss']).toBeCloseTo(logs['left_loss']! + logs['right_loss']!, 5);
    const [left] = model.predict(x as tf.Tensor[]) as tf.Tensor[];
    const own = tf.mean(tf.metrics.categoricalCrossentropy((y as tf.Tensor[])[0]!, left!));
    expect(logs['left_loss']).toBeCloseTo(numbers(own)[0]!, 5);
  });
});

/** tfjs takes class weights of several outputs as a list, too; ours are by name. */
function listPerOutput(
  model: tf.LayersModel,
  classWeight: NonNullable<NonNullable<Case['fit']>['classWeight']>,
): unknown {
  return model.outputs.length === 1
    ? classWeight
    : model.outputNames.map((name) => (classWeight as Record<string, object>)[name]);
}
