import {randomNormal, randomUniform, varianceScaling} from '@gradwire/init';
import {gradientNormalization, residual, standardize} from '@gradwire/layers';
import {trainLayerwise} from '@gradwire/procedures';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {expectNormal, expectUniform} from './draws.js';
import {expectRows} from './expectRows.js';
import {labelled, logitsLoss, matrix, outputs, stepsOf, values, walk, weightsOf} from './trainings.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {dense} = tf.layers;

describe('the FashionMNIST exercise', () => {
  it('PyTorch’s Linear: weights and biases U(±1 / √in)', () => {
    expectUniform(varianceScaling({scale: 1 / 3, distribution: 'uniform'}), 1 / Math.sqrt(300));
    const limit = 1 / Math.sqrt(784);
    expectUniform(randomUniform({minval: -limit, maxval: limit}), limit);
  });

  it('weights N(0, 0.05²), N(0, 1), N(0, 10²), biases 0', () => {
    for (const stddev of [0.05, 1, 10]) expectNormal(randomNormal({stddev}), stddev);
  });

  it('plain SGD, rates 1e-2 and 1e-3', () => {
    expect(walk(tf.train.sgd(1e-2), [1, -3])).toBeAllclose([-0.01, 0.02]);
    expect(walk(tf.train.sgd(1e-3), [1, -3])).toBeAllclose([-0.001, 0.002]);
  });

  it('Adam, rate 1e-3, as PyTorch: ε 1e-8', () => {
    // A gradient as large as ε: m̂ / (√v̂ + ε) is a half.
    expect(walk(tf.train.adam(1e-3, 0.9, 0.999, 1e-8), [1e-8])).toBeAllclose([-5e-4], {rtol: 1e-2});
  });

  it('54 000 to train, 6 000 to validate, batch 512, the smaller last one kept', async () => {
    const model = tf.sequential({layers: [dense({units: 3, inputShape: [2]})]});
    const trainer = createTrainer({model, loss: logitsLoss, optimizer: tf.train.sgd(0)});
    const steps = stepsOf(trainer);
    const {history} = await trainer.fit(labelled(600, 2), {batchSize: 51, validationSplit: 0.1});
    expect(steps.map(({size}) => size)).toEqual([...Array<number>(10).fill(51), 30]);
    expect(history['val_loss']).toHaveLength(1);
  });

  it('BatchNorm1d before the activation: ε 1e-5, momentum 0.1 of PyTorch', () => {
    const layer = tf.layers.batchNormalization({momentum: 0.9, epsilon: 1e-5});
    const y = outputs(layer, matrix(2, [0, 1, 4, 1.01]), true);
    const small = 0.005 / Math.sqrt(0.005 ** 2 + 1e-5);
    expect(y).toBeAllclose([-2 / Math.sqrt(4 + 1e-5), -small, 2 / Math.sqrt(4 + 1e-5), small], {rtol: 1e-3});
    const [, , mean, variance] = layer.getWeights().map(values);
    expect(mean).toBeAllclose([0.1 * 2, 0.1 * 1.005]);
    // PyTorch’s moving variance is the unbiased one, 0.9 + 0.1 · 8; tfjs has the other.
    expect(variance![0]).toBeAllclose(0.9 + 0.1 * 4);
  });

  it('MyNormalization: (x − mean) / std of the whole tensor, n − 1', () => {
    const y = outputs(standardize(), matrix(3, [1, 2, 3, 4, 5, 6]));
    expect(y).toBeAllclose([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => x / Math.sqrt(3.5)));
  });

  it('GradientNormalizationLayer: (dy − mean) / (std + 1e-6)', () => {
    const layer = gradientNormalization();
    const [x, dy] = [matrix(2, [7, 8, 9, 7]), matrix(2, [1e-6, 2e-6, 3e-6, 6e-6])];
    expect(outputs(layer, x)).toEqual([7, 8, 9, 7]);
    const gradient = tf.grad((input) => tf.sum(tf.mul(layer.apply(input) as tf.Tensor, dy)))(x);
    const std = Math.sqrt((4 + 1 + 0 + 9) / 3);
    expect(values(gradient)).toBeAllclose(
      [-2, -1, 0, 3].map((d) => d / (std + 1)),
      {rtol: 1e-4, atol: 1e-6},
    );
  });

  it('skip connections: h3 = σ(L3 σ(L2 h1)) + h1, h7 = σ(L7 σ(L6 σ(L5 h4))) + h4', () => {
    const hidden = () =>
      dense({
        units: 4,
        activation: 'sigmoid',
        kernelInitializer: randomNormal({stddev: 1}),
        biasInitializer: randomNormal({stddev: 1}),
      });
    const model = tf.sequential({
      layers: [
        tf.layers.inputLayer({inputShape: [6]}),
        hidden(),
        residual([hidden(), hidden()]),
        hidden(),
        residual([hidden(), hidden(), hidden()]),
        dense({units: 3}),
      ],
    });
    const weights = model.getWeights();
    const linear = (layer: number, h: tf.Tensor) =>
      tf.add(tf.matMul(h, weights[2 * layer - 2]!), weights[2 * layer - 1]!);
    const s = (layer: number, h: tf.Tensor) => tf.sigmoid(linear(layer, h));
    const x = labelled(5, 6).x;
    const h1 = s(1, x);
    const h3 = tf.add(s(3, s(2, h1)), h1);
    const h4 = s(4, h3);
    const h7 = tf.add(s(7, s(6, s(5, h4))), h4);
    expect(weights).toHaveLength(16);
    expect(model.predict(x)).toBeAllclose(linear(8, h7), {atol: 1e-5});
  });

  const layerwise = async (stages?: Parameters<typeof trainLayerwise>[0]['stages']) => {
    const name = (i: number) => `hidden${i}`;
    const body = tf.sequential({
      layers: [
        tf.layers.inputLayer({inputShape: [4]}),
        ...[1, 2, 3, 4, 5, 6, 7].map((i) =>
          dense({
            units: 3,
            activation: 'sigmoid',
            kernelInitializer: randomNormal({stddev: 1}),
            name: name(i),
          }),
        ),
      ],
    });
    const heads: tf.layers.Layer[] = [];
    const snapshots: number[][][] = [];
    const take = () => snapshots.push([1, 2, 3, 4, 5, 6, 7].map((i) => weightsOf(body.getLayer(name(i)))));
    const result = await trainLayerwise({
      model: body,
      blocks: ['hidden2', 'hidden4', 'hidden6', 'hidden7'],
      head: () => {
        heads.push(dense({units: 3}));
        return heads.at(-1)!;
      },
      data: labelled(12, 4),
      loss: logitsLoss,
      optimizer: () => tf.train.sgd(1e-2),
      epochs: 2,
      onStage: take,
      ...(stages === undefined ? {} : {stages}),
    });
    take();
    /** In which stage which of the seven layers changed. */
    const changed = snapshots
      .slice(1)
      .map((after, stage) =>
        after.map((layer, i) => Number(layer.some((w, j) => w !== snapshots[stage]![i]![j]))).join(''),
      );
    return {...result, heads, changed};
  };

  it('layer-wise training: 7 stages, 4 sub-models, a fresh head and SGD 1e-2 each', async () => {
    const {stages, heads, changed} = await layerwise();
    expect(stages.map(({name, epoch}) => [name, epoch.length])).toEqual(
      `block 1; blocks 1-2, 1 frozen; blocks 1-2; blocks 1-3, 1-2 frozen; blocks 1-3; blocks 1-4, 1-3 frozen; blocks 1-4`
        .split('; ')
        .map((name) => [name, 2]),
    );
    expect(new Set(heads).size).toBe(7);
    expect(changed).toEqual(['1100000', '0011000', '1111000', '0000110', '1111110', '0000001', '1111111']);
  });

  it('the same as coded: nothing frozen', async () => {
    const {changed} = await layerwise([1, 2, 2, 3, 3, 4, 4].map((depth) => ({depth})));
    expect(changed).toEqual(['1100000', '1111000', '1111000', '1111110', '1111110', '1111111', '1111111']);
  });
});

it('all of these are rows of docs/techniques.md, and the other way round', ({task}) => {
  expectRows('the FashionMNIST exercise', task.file.tasks);
});
