import {gradientSnapshots} from '@gradwire/capture';
import {clipByGlobalNorm} from '@gradwire/clipping';
import {chain, everyEpoch} from '@gradwire/core';
import {constant, glorotUniform, heNormal, randomNormal, varianceScaling} from '@gradwire/init';
import {swish, withGaussianNoise} from '@gradwire/layers';
import {agarap, gradientNoise, neelakantan} from '@gradwire/noise';
import {sgd} from '@gradwire/optimizers';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  TRUNCATED,
  deviationOf,
  draw,
  expectNormal,
  expectTruncated,
  expectUniform,
  largestOf,
  meanOf,
  wide,
} from './draws.js';
import {expectRows} from './expectRows.js';
import {
  capturesOf,
  context,
  labelled,
  logitsLoss,
  matrix,
  noiseAt,
  outputs,
  stepsOf,
  transformed,
  values,
  walk,
  watcher,
} from './trainings.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {dense} = tf.layers;

describe('Agarap', () => {
  it('data noise N(0, 0.05²), once, on the training inputs only', () => {
    const x = tf.fill([100, 784], 0.01);
    const noise = values(tf.sub(withGaussianNoise(x, {stddev: 0.05, seed: 42}), x));
    expect(deviationOf(noise)).toBeAllclose(0.05, {rtol: 0.01});
    expect(meanOf(noise)).toBeAllclose(0, {atol: 5e-4});
    expect(Math.min(...values(withGaussianNoise(x, {stddev: 0.05, seed: 42})))).toBeLessThan(-0.1);
    expect(x).toBeAllclose(0.01);
  });

  it('batches from a buffer of 2B, the remainder dropped', async () => {
    const [size, seen] = [4, [] as number[]];
    const rows = Array.from({length: 18}, (_, i) => i);
    const data = tf.data
      .zip({
        xs: tf.data.array(rows).map((i) => tf.tensor1d([i as number])),
        ys: tf.data.array(rows.map(() => [0])),
      })
      .shuffle(2 * size, '42')
      .batch(size, false);
    const trainer = watcher((batch) => seen.push(...batch));
    const steps = stepsOf(trainer);
    await trainer.fit(data, {epochs: 2});
    expect(steps.map(({epoch, size: samples}) => [epoch, samples])).toEqual(
      [0, 0, 0, 0, 1, 1, 1, 1].map((epoch) => [epoch, 4]),
    );
    expect(seen.slice(0, 16)).not.toEqual(seen.slice(16));
    // Element i leaves a buffer of 8 only after element i + 8 has come in.
    seen.slice(0, 16).forEach((row, place) => expect(row).toBeLessThan(place + 8));
  });

  it('kernels glorot_uniform, ±√(6 / (in + out)), biases 0', () => {
    expectUniform(glorotUniform(), Math.sqrt(6 / (784 + 512)), [784, 512]);
    const layer = dense({units: 512, kernelInitializer: glorotUniform(), inputShape: [784]});
    tf.sequential({layers: [layer]});
    expect(layer.getWeights()[1]).toBeAllclose(0);
    // What tfjs takes by itself is glorotNormal: it goes beyond the bound.
    const plain = dense({units: 512, inputShape: [784]});
    tf.sequential({layers: [plain]});
    expect(largestOf(values(plain.getWeights()[0]))).toBeGreaterThan(1.05 * Math.sqrt(6 / (784 + 512)));
  });

  it('logistic, tanh, ReLU', () => {
    const x = matrix(3, [-1, 0, 2]);
    const of = (activation: 'sigmoid' | 'tanh' | 'relu') => outputs(tf.layers.activation({activation}), x);
    expect(of('sigmoid')).toBeAllclose([0.26894142, 0.5, 0.88079708]);
    expect(of('tanh')).toBeAllclose([-0.76159416, 0, 0.96402758]);
    expect(of('relu')).toEqual([0, 0, 2]);
  });

  it('leaky ReLU with slope 0.2', () => {
    expect(outputs(tf.layers.leakyReLU({alpha: 0.2}), tf.tensor1d([-10, 10]))).toBeAllclose([-2, 10]);
  });

  it('swish z · σ(z)', () => {
    expect(outputs(swish(), tf.tensor1d([-1, 0, 2]))).toBeAllclose([-0.26894142, 0, 1.76159416]);
  });

  const normalised = (inferenceMode: boolean) => {
    const model = tf.sequential({
      layers: [
        dense({
          units: 2,
          activation: 'relu',
          kernelInitializer: 'identity',
          inputShape: [2],
          trainable: false,
        }),
        tf.layers.batchNormalization({name: 'bn'}),
        dense({units: 3, kernelInitializer: glorotUniform()}),
      ],
    });
    return {
      model,
      trainer: createTrainer({model, loss: logitsLoss, optimizer: tf.train.sgd(1), inferenceMode}),
    };
  };
  const positive = {x: matrix(2, [1, 5, 3, 7]), y: matrix(3, [1, 0, 0, 0, 1, 0])};

  it('one batch normalisation after the last activation, as coded: inference mode while training', async () => {
    const {model, trainer} = normalised(true);
    await trainer.fit(positive, {epochs: 2});
    const [gamma, beta, mean, variance] = model.getLayer('bn').getWeights().map(values);
    expect(mean).toEqual([0, 0]);
    expect(variance).toEqual([1, 1]);
    expect(gamma).not.toEqual([1, 1]);
    expect(beta).not.toEqual([0, 0]);
    const normal = tf.model({inputs: model.inputs, outputs: model.getLayer('bn').output});
    const expected = [1, 5].map((x, i) => (gamma![i]! * x) / Math.sqrt(1.001) + beta![i]!);
    expect(values(normal.predict(matrix(2, [1, 5])))).toBeAllclose(expected, {rtol: 1e-5, atol: 1e-5});
  });

  it('the same in training mode: momentum 0.99, ε 1e-3', async () => {
    const {model, trainer} = normalised(false);
    await trainer.fit(positive, {epochs: 1});
    const [, , mean, variance] = model.getLayer('bn').getWeights().map(values);
    // The columns 1, 3 and 5, 7 have means 2 and 6 and variance 1.
    expect(mean).toBeAllclose([0.01 * 2, 0.01 * 6]);
    expect(variance).toBeAllclose([1, 1]);
    const layer = model.getLayer('bn') as tf.layers.Layer;
    expect(layer.getConfig()).toMatchObject({epsilon: 1e-3, momentum: 0.99});
  });

  it('SGD, rate 3e-4, momentum 0.9', () => {
    const expected = [-3e-4, -3e-4 * (1 + 1.9), -3e-4 * (1 + 1.9 + 0.71)];
    expect(walk(tf.train.momentum(3e-4, 0.9), [1, 1, -1])).toBeAllclose(expected);
    expect(walk(sgd({learningRate: 3e-4, momentum: 0.9}), [1, 1, -1])).toBeAllclose(expected);
  });

  it('mean softmax cross-entropy of logits', () => {
    const [labels, logits] = [matrix(2, [1, 0, 0, 1]), matrix(2, [0, 0, 0, Math.log(3)])];
    expect(logitsLoss(labels, logits)).toBeAllclose((Math.log(2) + Math.log(4 / 3)) / 2);
  });

  it('double softmax: the loss on the outputs of a softmax', () => {
    const certain = tf.softmax(tf.tensor2d([[100, ...Array<number>(9).fill(0)]]));
    const labels = tf.oneHot(tf.tensor1d([0], 'int32'), 10).toFloat();
    expect(logitsLoss(labels, certain)).toBeAllclose(Math.log(Math.E + 9) - 1);
  });

  it('gradient noise of deviation 1 / (1 + epoch)^0.55', () => {
    const first = noiseAt(gradientNoise(agarap), 7, 0);
    expect(deviationOf(first)).toBeAllclose(1, {rtol: 0.01});
    const published = {1: 0.683, 4: 0.413, 9: 0.282, 19: 0.193, 49: 0.116, 99: 0.0794};
    for (const [epoch, sigma] of Object.entries(published)) {
      const later = noiseAt(gradientNoise(agarap), 7, Number(epoch));
      const ratio = deviationOf(later) / deviationOf(first);
      expect(ratio).toBeAllclose((1 + Number(epoch)) ** -0.55, {rtol: 1e-4});
      expect(ratio).toBeAllclose(sigma, {rtol: 0, atol: 6e-4});
    }
    expect(noiseAt(gradientNoise(agarap), 8, 0)).not.toEqual(first);
  });

  const noisy = async () => {
    const {model} = normalised(true);
    const initial = model.trainableWeights.map((weight) => values(weight.read()));
    const trainer = createTrainer({
      model,
      loss: logitsLoss,
      optimizer: tf.train.momentum(3e-4, 0.9),
      transforms: [gradientNoise(agarap)],
      captures: (['raw', 'final'] as const).map((stage) => gradientSnapshots({when: everyEpoch(), stage})),
      inferenceMode: true,
    });
    const captures = capturesOf(trainer);
    await trainer.fit(positive, {epochs: 2});
    const gradients = (capture: string, epoch: number) =>
      Object.values(captures.find((event) => event.capture === capture && event.epoch === epoch)!.arrays).map(
        ({values: array}) => [...array!],
      );
    return {model, initial, gradients};
  };

  it('noise on every trainable tensor, before the momentum buffer', async () => {
    const {model, initial, gradients} = await noisy();
    expect(model.trainableWeights.map(({originalName}) => originalName.split('/').at(-1))).toEqual(
      expect.arrayContaining(['gamma', 'beta', 'kernel', 'bias']),
    );
    const [first, second] = [
      gradients('gradientSnapshots/final', 0),
      gradients('gradientSnapshots/final', 1),
    ];
    for (const [i, weight] of model.trainableWeights.entries()) {
      // Two steps of momentum: v = g₁, then 0.9 g₁ + g₂.
      const expected = initial[i]!.map((w, j) => w - 3e-4 * (1.9 * first[i]![j]! + second[i]![j]!));
      expect(values(weight.read())).toBeAllclose(expected, {atol: 1e-6});
    }
  });

  it('the gradients that are recorded are the noisy ones', async () => {
    const {gradients} = await noisy();
    const [raw, final] = [
      gradients('gradientSnapshots', 0).flat(),
      gradients('gradientSnapshots/final', 0).flat(),
    ];
    expect(deviationOf(final.map((g, i) => g - raw[i]!))).toBeGreaterThan(0.5);
  });

  it('training loss as the sum of an epoch’s batch losses', async () => {
    const model = tf.sequential({layers: [dense({units: 3, kernelInitializer: 'zeros', inputShape: [2]})]});
    const trainer = createTrainer({model, loss: logitsLoss, optimizer: tf.train.sgd(0)});
    let sum = 0;
    trainer.events$.pipe(ofType('step')).subscribe(({loss}) => (sum += loss!));
    await trainer.fit(labelled(12, 2), {batchSize: 4});
    expect(sum).toBeAllclose(3 * Math.log(3));
  });

  it('the paper’s noise: variance η / (1 + step)^0.55, η one of 0.01, 0.3, 1', () => {
    for (const eta of [0.01, 0.3, 1]) {
      const noise = gradientNoise({...neelakantan, eta});
      expect(deviationOf(noiseAt(noise, 0, 5))).toBeAllclose(Math.sqrt(eta), {rtol: 0.01});
      expect(deviationOf(noiseAt(noise, 99, 0))).toBeAllclose(Math.sqrt(eta / 100 ** 0.55), {rtol: 0.01});
    }
  });

  it('noise after clipping', () => {
    const [clip, noise] = [clipByGlobalNorm({maxNorm: 10}), gradientNoise({...neelakantan, eta: 1})];
    const grads = {w: tf.fill([100], 10)}; // of norm 100
    const both = transformed(chain(clip, noise), grads, context(0, 0));
    const alone = transformed(noise, {w: tf.zeros([100])}, context(0, 0));
    expect(both.map((g, i) => g - alone[i]!)).toBeAllclose(Array(100).fill(1), {atol: 1e-5});
  });

  it('the paper’s initial weights: N(0, 0.1²), He, zeros', () => {
    expectNormal(randomNormal({stddev: 0.1}), 0.1);
    expectTruncated(heNormal(), Math.sqrt(2 / 300), (2 * Math.sqrt(2 / 300)) / TRUNCATED);
    expect(largestOf(draw(constant({value: 0}), wide))).toBe(0);
  });

  it('a random walk’s, N(0, g² / in)', () => {
    expectNormal(varianceScaling({scale: 1.2 ** 2, distribution: 'untruncatedNormal'}), 1.2 / Math.sqrt(300));
  });
});

it('all of these are rows of docs/techniques.md, and the other way round', ({task}) => {
  expectRows('Agarap', task.file.tasks);
});
