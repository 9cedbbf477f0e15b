import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  batchNormMlp,
  expectNoNewTensors,
  mlp,
  numbers,
  samples,
  twoInTwoOut,
  useCpu,
  wave,
  weightsOf,
  withWeights,
} from '../fixtures/training.js';
import {createTrainer, type Trainer, type TrainerOptions} from './index.js';

useCpu();

const N = 8;

const trainerOf = (model: tf.LayersModel, parts: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.5), ...parts});

describe('constraints', () => {
  const constrained = (
    kernelConstraint: Parameters<typeof tf.layers.dense>[0]['kernelConstraint'],
  ): tf.Sequential =>
    withWeights(
      tf.sequential({
        layers: [
          tf.layers.dense({units: 4, inputShape: [3], kernelConstraint: kernelConstraint!}),
          tf.layers.dense({units: 1}),
        ],
      }),
    );

  it('nonNeg holds after every update', async () => {
    const model = constrained('nonNeg');
    const trainer = trainerOf(model);
    const lowest: number[] = [];
    trainer.events$.subscribe(({type}) => {
      if (type === 'step') lowest.push(Math.min(...weightsOf(model)[0]!));
    });
    await trainer.fit(samples(N), {epochs: 3, batchSize: 4});
    expect(lowest).toHaveLength(6);
    for (const value of lowest) expect(value).toBeGreaterThanOrEqual(0);
    expect(Math.min(...weightsOf(model)[2]!)).toBeLessThan(0);
  });

  it('maxNorm holds, and leaves no tensors behind', async () => {
    const model = constrained(tf.constraints.maxNorm({maxValue: 0.3, axis: 0}));
    const trainer = trainerOf(model);
    const data = samples(N);
    await expectNoNewTensors(() => trainer.fit(data, {epochs: 3}));
    const norms = numbers(tf.norm(model.getWeights()[0]!, 2, 0));
    for (const norm of norms) expect(norm).toBeLessThanOrEqual(0.3 + 1e-6);
  });

  it('of frozen layers are left alone', async () => {
    const model = constrained('nonNeg');
    model.layers[0]!.trainable = false;
    const frozen = (): number[][] => model.layers[0]!.getWeights().map(numbers);
    const before = frozen();
    await trainerOf(model).fit(samples(N));
    expect(frozen()).toEqual(before);
  });
});

describe('inferenceMode', () => {
  it('freezes moving averages and trains gamma and beta', async () => {
    const model = batchNormMlp();
    const before = weightsOf(model);
    await trainerOf(model, {inferenceMode: true, optimizer: tf.train.sgd(0.1)}).fit(samples(N), {epochs: 2});
    const changed = weightsOf(model).map((values, i) => values.join() !== before[i]!.join());
    const names = model.weights.map(({name}) => name.split('/')[1]!.replace(/_\d+$/, ''));
    expect(Object.fromEntries(names.map((name, i) => [name, changed[i]]))).toEqual({
      kernel: true,
      bias: true,
      gamma: true,
      beta: true,
      moving_mean: false,
      moving_variance: false,
    });
  });

  it('switches dropout off', async () => {
    const stack = (rate: number): tf.Sequential =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.dense({units: 4, activation: 'tanh', inputShape: [3]}),
            tf.layers.dropout({rate}),
            tf.layers.dense({units: 1}),
          ],
        }),
      );
    const [dropping, plain] = [stack(0.5), stack(0)];
    await trainerOf(dropping, {inferenceMode: true}).fit(samples(N));
    await trainerOf(plain).fit(samples(N));
    expect(weightsOf(dropping)).toEqual(weightsOf(plain));
  });

  it('leaves no tensors behind', async () => {
    const trainer = trainerOf(batchNormMlp(), {inferenceMode: true, optimizer: tf.train.sgd(0.1)});
    const data = samples(N);
    await expectNoNewTensors(() => trainer.fit(data, {epochs: 2, batchSize: 3, validationSplit: 0.25}));
  });
});

describe('training leaves no tensors behind:', () => {
  it.each<
    readonly [string, () => tf.LayersModel, () => {x: tf.Tensor | tf.Tensor[]; y: tf.Tensor | tf.Tensor[]}]
  >([
    [
      'dropout in an LSTM',
      () =>
        tf.sequential({
          layers: [
            tf.layers.lstm({units: 3, inputShape: [4, 2], dropout: 0.4, recurrentDropout: 0.4}),
            tf.layers.dense({units: 1}),
          ],
        }),
      () => ({x: wave([N, 4, 2]), y: wave([N])}),
    ],
    [
      'dropout and batch norm',
      () =>
        tf.sequential({
          layers: [
            tf.layers.batchNormalization({inputShape: [3]}),
            tf.layers.dropout({rate: 0.5}),
            tf.layers.dense({units: 1, kernelRegularizer: 'l1l2', kernelConstraint: 'maxNorm'}),
          ],
        }),
      () => samples(N),
    ],
    [
      'several inputs and outputs',
      twoInTwoOut,
      () => ({x: [wave([N, 3]), wave([N, 2])], y: [wave([N, 2]), wave([N])]}),
    ],
  ])('%s', async (_, make, data) => {
    const trainer = createTrainer({
      model: make(),
      loss: 'meanSquaredError',
      metrics: ['mae', 'accuracy'],
      optimizer: tf.train.adam(0.01),
    });
    const given = data();
    await trainer.fit(given, {epochs: 2});
    await expectNoNewTensors(() =>
      trainer.fit(given, {epochs: 3, batchSize: 3, validationSplit: 0.25, earlyStopping: {patience: 3}}),
    );
  });
});

describe('the model', () => {
  it('stays compiled as it was', async () => {
    const model = mlp();
    const own = tf.train.sgd(0.1);
    model.compile({loss: 'meanAbsoluteError', metrics: ['mse'], optimizer: own});
    await trainerOf(model, {metrics: ['mae']}).fit(samples(N));
    expect(model.optimizer).toBe(own);
    expect(model.metricsNames).toEqual(['loss', 'mse']);
    const {history} = await model.fit(samples(N).x, samples(N).y, {verbose: 0});
    expect(Object.keys(history)).toEqual(['loss', 'mse']);
  });

  it('may be frozen in part between runs', async () => {
    const model = mlp();
    const trainer = trainerOf(model, {optimizer: tf.train.adam(0.1)});
    await trainer.fit(samples(N));
    model.layers[0]!.trainable = false;
    const layers = (): number[][][] => model.layers.map((layer) => layer.getWeights().map(numbers));
    const before = layers();
    await trainer.fit(samples(N));
    expect(layers()[0]).toEqual(before[0]);
    expect(layers()[1]).not.toEqual(before[1]);
  });

  it('may be trained by two trainers, one after the other', async () => {
    const model = mlp();
    await trainerOf(model).fit(samples(N));
    const weights = weightsOf(model);
    await trainerOf(model, {loss: 'meanAbsoluteError'}).fit(samples(N));
    expect(weightsOf(model)).not.toEqual(weights);
  });

  it('may be one whose labels have no last axis', async () => {
    const [flat, column] = [mlp(), mlp()];
    const {x} = samples(N);
    await trainerOf(flat).fit({x, y: wave([N])});
    await trainerOf(column).fit({x, y: wave([N, 1])});
    expect(weightsOf(flat)).toEqual(weightsOf(column));
  });
});
